// MuJoCo: sockets become ball joints of a kinematic tree, kinematic bodies slides whose place and speed are set.
#include <mujoco/mujoco.h>

#include <cstring>
#include <sstream>

#include "peer.h"

namespace {

// Heavy beside needle and rope, and light enough not to coarsen the solver's tolerance, which scales with inertia.
constexpr double kKinematicMass = 1;

// N·m·s of a ball joint: twelve times the twist servo's. With much less the explicit integrator loses the rope.
constexpr double kJointDamping = 5e-4;

const char* kAxes[3] = {"1 0 0", "0 1 0", "0 0 1"};

std::ostream& operator<<(std::ostream& out, const Pose& f) {
    return out << "pos=\"" << f.p.x << ' ' << f.p.y << ' ' << f.p.z << "\" quat=\"" << f.q.w << ' ' << f.q.x << ' ' << f.q.y << ' ' << f.q.z << '"';
}

// The axes along which a drive moves a kinematic body.
std::vector<int> slides(const Scene& scene, int body) {
    std::vector<int> axes;
    auto* track = scene.trackOf(body);
    for (int axis = 0; track && axis < 3; axis++)
        if (std::any_of(track->sums.begin(), track->sums.end(), [&](auto& sum) { return sum[axis] != 0; })) axes.push_back(axis);
    return axes;
}

// A spring of so many Hz: MuJoCo takes its time constant. It raises those below two timesteps by itself.
std::string solref(double frequency, double ratio) {
    std::ostringstream out;
    out << 1 / (2 * M_PI * frequency * ratio) << ' ' << ratio;
    return out.str();
}

class Mjcf {
public:
    Mjcf(const Scene& scene, double h) : scene_(scene) {
        out_.precision(9);
        out_ << "<mujoco><compiler angle=\"radian\" balanceinertia=\"false\"/><option timestep=\"" << h << "\" gravity=\""
             << scene.gravity.x << ' ' << scene.gravity.y << ' ' << scene.gravity.z << "\"/><worldbody>\n";
        for (int i = 0; i < int(scene.bodies.size()); i++)
            if (!scene.socketOnto(i)) body(i, {});
        out_ << "</worldbody></mujoco>\n";
    }
    std::string text() const { return out_.str(); }

private:
    void body(int index, const Pose& parent) {
        auto& b = scene_.bodies[index];
        Quat back = conjugate(parent.q);
        out_ << "<body name=\"" << b.name << "\" " << Pose{rotate(back, b.pose.p - parent.p), back * b.pose.q} << ">\n";
        joints(index);
        for (auto& shape : b.shapes) geom(b, shape);
        for (auto& socket : scene_.sockets) if (socket.a == index) body(socket.b, b.pose);
        out_ << "</body>\n";
    }

    void joints(int index) {
        auto& b = scene_.bodies[index];
        auto& i = b.inertia;
        if (b.dynamic()) {
            if (auto* socket = scene_.socketOnto(index)) ball(*socket);
            else out_ << "<freejoint/>\n";
            out_ << "<inertial pos=\"0 0 0\" mass=\"" << b.mass << "\" fullinertia=\"" << i[0] << ' ' << i[2] << ' ' << i[5] << ' ' << i[1] << ' ' << i[3] << ' ' << i[4] << "\"/>\n";
        }
        auto axes = slides(scene_, index);
        if (b.dynamic() || axes.empty()) return;
        for (int axis : axes) out_ << "<joint name=\"" << b.name << axis << "\" type=\"slide\" axis=\"" << kAxes[axis] << "\"/>\n";
        out_ << "<inertial pos=\"0 0 0\" mass=\"" << kKinematicMass << "\" diaginertia=\"1 1 1\"/>\n";
    }

    // The swing limit bounds the whole turn of the joint; the twist servo's spring resists bending as well as twist.
    void ball(const Socket& socket) {
        out_ << "<joint type=\"ball\" pos=\"" << socket.atB.x << ' ' << socket.atB.y << ' ' << socket.atB.z << '"';
        for (auto& s : scene_.swings)
            if (s.b == socket.b) out_ << " limited=\"true\" range=\"0 " << s.angle << "\" solreflimit=\"" << solref(s.frequency, 1) << '"';
        for (auto& t : scene_.twists)
            if (t.b == socket.b) {
                double inertia = scene_.bodies[t.b].inertia[2] / 2, omega = 2 * M_PI * t.frequency;
                out_ << " stiffness=\"" << inertia * omega * omega << "\" damping=\"" << kJointDamping << '"';
            }
        out_ << "/>\n";
    }

    void geom(const Body& b, const Shape& shape) {
        Pose pose = shape.pose;
        out_ << "<geom type=\"" << shape.kind << '"';
        if (shape.kind == "box") out_ << " size=\"" << shape.size[0] / 2 << ' ' << shape.size[1] / 2 << ' ' << shape.size[2] / 2 << '"';
        if (shape.kind == "plane") out_ << " size=\"5 5 0.1\"";
        if (shape.kind == "capsule") {
            out_ << " size=\"" << shape.size[0] << ' ' << shape.size[1] / 2 << '"';
            pose.q = pose.q * Quat{-std::sqrt(0.5), 0, 0, std::sqrt(0.5)};  // along z there, along y here
        }
        int own = 1 << b.group, others = b.group == 0 ? 0xffff : 0xffff & ~own;
        out_ << ' ' << pose << " friction=\"" << b.friction << "\" solref=\"" << solref(b.frequency, b.ratio)
             << "\" contype=\"" << own << "\" conaffinity=\"" << others << "\"/>\n";
    }

    const Scene& scene_;
    std::ostringstream out_;
};

class MujocoPeer : public Peer {
public:
    MujocoPeer(const Scene& scene, double h) : scene_(scene), h_(h), model_(load(Mjcf(scene, h).text())), data_(mj_makeData(model_)) {
        for (auto& b : scene.bodies) ids_.push_back(mj_name2id(model_, mjOBJ_BODY, b.name.c_str()));
        for (auto& track : scene.tracks)
            for (int axis : slides(scene, track.body))
                if (track.kind == "velocity") slides_.push_back({&track, axis, mj_name2id(model_, mjOBJ_JOINT, (scene.bodies[track.body].name + std::to_string(axis)).c_str())});
        mj_forward(model_, data_);
    }
    ~MujocoPeer() override {
        mj_deleteData(data_);
        mj_deleteModel(model_);
    }

    void step(double t) override {
        for (auto& slide : slides_) {
            int dof = model_->jnt_dofadr[slide.joint];
            data_->qpos[model_->jnt_qposadr[slide.joint]] = slide.track->until(t)[slide.axis];
            data_->qvel[dof] = slide.track->mean(t, h_)[slide.axis];
            if (slide.axis == 2) data_->qfrc_applied[dof] = -kKinematicMass * scene_.gravity.z;
        }
        for (auto& track : scene_.tracks)
            if (track.kind == "wrench") {
                auto mean = track.mean(t, h_);
                std::copy(mean.begin(), mean.end(), data_->xfrc_applied + 6 * ids_[track.body]);
            }
        mj_step(model_, data_);
    }

    Pose pose(int body) const override {
        const mjtNum *p = data_->xpos + 3 * ids_[body], *q = data_->xquat + 4 * ids_[body];
        // MuJoCo starts over by itself when a state is not finite.
        double lost = data_->warning[mjWARN_BADQPOS].number + data_->warning[mjWARN_BADQVEL].number + data_->warning[mjWARN_BADQACC].number > 0 ? NAN : 0;
        return {{p[0], p[1], p[2] + lost}, {q[1], q[2], q[3], q[0]}};
    }

private:
    struct Slide { const Track* track; int axis, joint; };

    static mjModel* load(const std::string& text) {
        auto files = std::make_unique<mjVFS>();
        mj_defaultVFS(files.get());
        mj_makeEmptyFileVFS(files.get(), "scene.xml", int(text.size()));
        std::memcpy(files->filedata[0], text.data(), text.size());
        char error[1000] = "";
        mjModel* model = mj_loadXML("scene.xml", files.get(), error, sizeof error);
        mj_deleteVFS(files.get());
        if (!model) throw std::runtime_error(error);
        return model;
    }

    const Scene& scene_;
    double h_;
    mjModel* model_;
    mjData* data_;
    std::vector<int> ids_;
    std::vector<Slide> slides_;
};

}  // namespace

int main(int count, char** words) {
    return peerMain(count, words, "mujoco", [](const Scene& scene, double h) { return std::make_unique<MujocoPeer>(scene, h); });
}
