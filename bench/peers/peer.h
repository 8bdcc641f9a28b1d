// What all peers share: one environment, stepped again and again on one thread, timed by processor time.
#pragma once
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <memory>

#include "scene.h"

struct Peer {
    virtual ~Peer() = default;
    // Sets the drive for the step from time t to t + h, then steps.
    virtual void step(double t) = 0;
    virtual Pose pose(int body) const = 0;
};

using MakePeer = std::function<std::unique_ptr<Peer>(const Scene&, double h)>;

inline double cpuSeconds() {
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec + 1e-9 * now.tv_nsec;
}

// One environment in steps of h, every one of them taken as so many of h / parts.
class Run {
public:
    Run(const Scene& scene, double h, int parts, const MakePeer& make) : scene_(scene), h_(h), parts_(parts), peer_(make(scene, h / parts)) {}

    // A period to settle, the best of five turns of half a second, and a period to watch: what happens then, long after the beginning, counts.
    void measure(const char* engine) {
        long cycle = std::lround(scene_.period() / h_);
        steps(cycle);
        double best = 0;
        for (int turn = 0; turn < 5; turn++) best = std::max(best, this->turn(0.5));
        for (long i = 0; i < cycle; i++) { steps(1); watch(); }
        bool finite = std::isfinite(lowest_) && std::isfinite(highest_) && std::isfinite(gap_) && std::isfinite(mean_);
        std::printf("peer=%s scene=%s step_ms=%.3f parts=%d env_steps_per_cpu_second=%.0f finite=%d simulated_s=%.0f lowest=%.4f highest=%.4f mean=%.4f gap=%.4f\n",
            engine, scene_.name.c_str(), 1e3 * h_, parts_, best, finite, h_ * time_ / parts_, lowest_, highest_, mean_ / cycle, gap_);
        std::fflush(stdout);
    }

private:
    void steps(long count) {
        for (long i = 0; i < count * parts_; i++) peer_->step(h_ / parts_ * time_++);
    }

    double turn(double seconds) {
        double start = cpuSeconds(), used;
        long count = 0;
        do {
            steps(100);
            count += 100;
            used = cpuSeconds() - start;
        } while (used < seconds);
        return count / used;
    }

    // Heights of the last dynamic body, the mean height of all, and the widest gap of a socket.
    void watch() {
        double z = peer_->pose(scene_.lastDynamic()).p.z, sum = 0;
        int count = 0;
        lowest_ = std::min(lowest_, z);
        highest_ = std::max(highest_, z);
        for (int i = 0; i < int(scene_.bodies.size()); i++)
            if (scene_.bodies[i].dynamic()) { sum += peer_->pose(i).p.z; count++; }
        mean_ += sum / count;
        for (auto& s : scene_.sockets) gap_ = std::max(gap_, length(peer_->pose(s.a) * s.atA - peer_->pose(s.b) * s.atB));
    }

    const Scene& scene_;
    double h_;
    int parts_;
    std::unique_ptr<Peer> peer_;
    long time_ = 0;
    double lowest_ = 1e9, highest_ = -1e9, gap_ = 0, mean_ = 0;
};

inline int peerMain(int count, char** words, const char* engine, const MakePeer& make) {
    if (count != 2) {
        std::fprintf(stderr, "usage: %s <scene file>\n", words[0]);
        return 2;
    }
    try {
        Scene scene = readScene(words[1]);
        Run(scene, 0.002, 1, make).measure(engine);
        Run(scene, scene.timestep, 1, make).measure(engine);
        Run(scene, scene.timestep, 2, make).measure(engine);
        return 0;
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "%s: %s\n", words[0], failure.what());
        return 1;
    }
}
