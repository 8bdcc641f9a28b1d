// Reads a scene as 'bench peer-scene' writes it. Metres, seconds, kilograms, radians; quaternions (x, y, z, w).
#pragma once
#include <array>
#include <cmath>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

struct Vec { double x = 0, y = 0, z = 0; };
struct Quat { double x = 0, y = 0, z = 0, w = 1; };
struct Pose { Vec p; Quat q; };

inline Vec operator+(Vec a, Vec b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline Vec operator-(Vec a, Vec b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline Vec operator*(double s, Vec a) { return {s * a.x, s * a.y, s * a.z}; }
inline double length(Vec a) { return std::sqrt(a.x * a.x + a.y * a.y + a.z * a.z); }
inline Vec cross(Vec a, Vec b) { return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x}; }
inline Quat conjugate(Quat q) { return {-q.x, -q.y, -q.z, q.w}; }

// First b, then a.
inline Quat operator*(Quat a, Quat b) {
    return {a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y, a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
            a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w, a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z};
}
inline Vec rotate(Quat q, Vec v) {
    Vec u{q.x, q.y, q.z}, t = 2 * cross(u, v);
    return v + q.w * t + cross(u, t);
}
inline Vec operator*(const Pose& f, Vec v) { return f.p + rotate(f.q, v); }

struct Shape { std::string kind; Pose pose; std::array<double, 3> size{}; };  // box: widths; capsule: radius, length along y
struct Body {
    std::string name, kind;
    int group = 0;
    Pose pose;
    double mass = 0;
    std::array<double, 6> inertia{};  // xx yx yy zx zy zz
    double friction = 0, frequency = 0, ratio = 0;
    std::vector<Shape> shapes;
    bool dynamic() const { return kind == "dynamic"; }
};
struct Socket { int a, b; Vec atA, atB; double frequency; };
struct Swing { int a, b; double angle, frequency; };
struct Twist { int a, b; double frequency, ratio, torque; };

struct Track {
    std::string kind;
    int body, period;
    double timestep;
    std::vector<std::array<double, 6>> sums;  // of the rows before each, times the timestep: displacement or momentum

    // Sum from the beginning to time t.
    std::array<double, 6> until(double t) const {
        double steps = t / timestep, cycles = std::floor(steps / period), in = steps - cycles * period;
        int row = std::min(int(in), period - 1);
        std::array<double, 6> sum;
        for (int i = 0; i < 6; i++) sum[i] = cycles * sums[period][i] + sums[row][i] + (in - row) * (sums[row + 1][i] - sums[row][i]);
        return sum;
    }
    // Mean of the rows from t to t + h.
    std::array<double, 6> mean(double t, double h) const {
        auto from = until(t), to = until(t + h);
        for (int i = 0; i < 6; i++) to[i] = (to[i] - from[i]) / h;
        return to;
    }
};

struct Scene {
    std::string name;
    Vec gravity;
    double timestep = 0;
    int substeps = 0;
    std::vector<Body> bodies;
    std::vector<Socket> sockets;
    std::vector<Swing> swings;
    std::vector<Twist> twists;
    std::vector<Track> tracks;

    double period() const { return tracks.at(0).period * tracks[0].timestep; }
    const Track* trackOf(int body) const {
        for (auto& track : tracks) if (track.body == body) return &track;
        return nullptr;
    }
    const Socket* socketOnto(int body) const {
        for (auto& socket : sockets) if (socket.b == body) return &socket;
        return nullptr;
    }
    int lastDynamic() const {
        int last = -1;
        for (int i = 0; i < int(bodies.size()); i++) if (bodies[i].dynamic()) last = i;
        return last;
    }
};

inline std::istream& operator>>(std::istream& in, Vec& v) { return in >> v.x >> v.y >> v.z; }
inline std::istream& operator>>(std::istream& in, Pose& p) { return in >> p.p >> p.q.x >> p.q.y >> p.q.z >> p.q.w; }

inline Track readTrack(std::istream& in, double timestep) {
    Track track;
    in >> track.kind >> track.body >> track.period;
    track.timestep = timestep;
    track.sums.resize(track.period + 1);
    for (int row = 0; row < track.period; row++)
        for (int i = 0; i < 6; i++) {
            double value;
            in >> value;
            if (track.kind == "velocity" && i >= 3 && value != 0) throw std::runtime_error("kinematic bodies that turn are not supported");
            track.sums[row + 1][i] = track.sums[row][i] + value * timestep;
        }
    // The path is closed but for the rounding of its numbers, which must not add up over the cycles.
    if (track.kind == "velocity") track.sums[track.period].fill(0);
    return track;
}

inline Scene readScene(const char* path) {
    std::ifstream in(path);
    if (!in) throw std::runtime_error(std::string("cannot read ") + path);
    Scene s;
    std::string word;
    while (in >> word && word != "end") {
        if (word == "scene") in >> s.name;
        else if (word == "settings") in >> s.gravity >> s.timestep >> s.substeps;
        else if (word == "body") {
            Body b;
            in >> b.name >> b.kind >> b.group >> b.pose >> b.mass;
            for (double& i : b.inertia) in >> i;
            s.bodies.push_back(b);
        }
        else if (word == "material") in >> s.bodies.back().friction >> s.bodies.back().frequency >> s.bodies.back().ratio;
        else if (word == "plane" || word == "box" || word == "capsule") {
            Shape shape;
            shape.kind = word;
            in >> shape.pose;
            for (int i = 0; i < (word == "box" ? 3 : word == "capsule" ? 2 : 0); i++) in >> shape.size[i];
            s.bodies.back().shapes.push_back(shape);
        }
        else if (word == "socket") { Socket j; in >> j.a >> j.b >> j.atA >> j.atB >> j.frequency; s.sockets.push_back(j); }
        else if (word == "swing") { Swing j; in >> j.a >> j.b >> j.angle >> j.frequency; s.swings.push_back(j); }
        else if (word == "twist") { Twist j; in >> j.a >> j.b >> j.frequency >> j.ratio >> j.torque; s.twists.push_back(j); }
        else if (word == "drive") s.tracks.push_back(readTrack(in, s.timestep));
        else throw std::runtime_error("unknown word '" + word + "'");
    }
    if (word != "end" || !in) throw std::runtime_error("the scene is cut short or holds what is not a number");
    return s;
}
