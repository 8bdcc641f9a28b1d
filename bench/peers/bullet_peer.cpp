// Bullet: one rigid body each, sockets become point-to-point or cone-twist constraints, kinematic bodies stay such.
#include <btBulletDynamicsCommon.h>

#include "peer.h"

namespace {

// Radians that a segment may twist against its neighbour: the stop stands in for the twist servo.
constexpr btScalar kTwist = 0.05f;

btVector3 to(Vec v) { return btVector3(btScalar(v.x), btScalar(v.y), btScalar(v.z)); }
btQuaternion to(Quat q) { return btQuaternion(btScalar(q.x), btScalar(q.y), btScalar(q.z), btScalar(q.w)); }
btTransform to(const Pose& f) { return btTransform(to(f.q), to(f.p)); }

struct Part {
    btTransform principal = btTransform::getIdentity();  // axes in which the inertia is diagonal, in the scene's axes of the body
    btDefaultMotionState motion;
    std::vector<std::unique_ptr<btCollisionShape>> shapes;
    std::unique_ptr<btRigidBody> body;
};

class BulletPeer : public Peer {
public:
    BulletPeer(const Scene& scene, double h)
        : scene_(scene), h_(h), dispatcher_(&configuration_), world_(&dispatcher_, &broadphase_, &solver_, &configuration_) {
        world_.setGravity(to(scene.gravity));
        world_.setForceUpdateAllAabbs(false);
        parts_.resize(scene.bodies.size());
        for (size_t i = 0; i < parts_.size(); i++) add(scene.bodies[i], parts_[i] = std::make_unique<Part>());
        for (auto& socket : scene.sockets) join(socket);
    }
    ~BulletPeer() override {
        for (auto& joint : joints_) world_.removeConstraint(joint.get());
        for (auto& part : parts_) world_.removeRigidBody(part->body.get());
    }

    void step(double t) override {
        for (auto& track : scene_.tracks) {
            auto& part = *parts_[track.body];
            if (track.kind == "velocity") {
                // Bullet reads where a kinematic body shall be at the end of the step, and derives its velocity.
                auto way = track.until(t + h_);
                Pose target = scene_.bodies[track.body].pose;
                target.p = target.p + Vec{way[0], way[1], way[2]};
                part.motion.setWorldTransform(to(target));
            } else {
                auto mean = track.mean(t, h_);
                part.body->applyCentralForce(to(Vec{mean[0], mean[1], mean[2]}));
                part.body->applyTorque(to(Vec{mean[3], mean[4], mean[5]}));
            }
        }
        world_.stepSimulation(btScalar(h_), 0);
    }

    Pose pose(int body) const override {
        auto& part = *parts_[body];
        btTransform world = part.body->getWorldTransform() * part.principal.inverse();
        auto p = world.getOrigin();
        auto q = world.getRotation();
        return {{p.x(), p.y(), p.z()}, {q.x(), q.y(), q.z(), q.w()}};
    }

private:
    void add(const Body& b, std::unique_ptr<Part>& part) {
        btVector3 inertia(0, 0, 0);
        if (b.dynamic()) {
            btScalar i[6];
            std::copy(b.inertia.begin(), b.inertia.end(), i);
            btMatrix3x3 tensor{i[0], i[1], i[3], i[1], i[2], i[4], i[3], i[4], i[5]}, axes;
            tensor.diagonalize(axes, btScalar(1e-6), 50);
            part->principal.setBasis(axes);
            inertia.setValue(tensor[0][0], tensor[1][1], tensor[2][2]);
        }
        part->motion = btDefaultMotionState(to(b.pose) * part->principal);
        btRigidBody::btRigidBodyConstructionInfo info(btScalar(b.mass), &part->motion, shapeOf(b, *part), inertia);
        info.m_friction = btScalar(std::sqrt(b.friction));  // multiplied in a pair
        part->body = std::make_unique<btRigidBody>(info);
        if (b.dynamic()) {
            double omega = 2 * M_PI * b.frequency;
            part->body->setContactStiffnessAndDamping(btScalar(b.mass * omega * omega), btScalar(2 * b.ratio * b.mass * omega));
        }
        if (b.kind == "kinematic") part->body->setCollisionFlags(part->body->getCollisionFlags() | btCollisionObject::CF_KINEMATIC_OBJECT);
        if (b.kind != "static") part->body->setActivationState(DISABLE_DEACTIVATION);
        int group = b.dynamic() ? 2 << b.group : 1, mask = b.shapes.empty() ? 0 : b.dynamic() && b.group == 0 ? -1 : ~group;
        world_.addRigidBody(part->body.get(), group, mask);
    }

    static btCollisionShape* shapeOf(const Body& b, Part& part) {
        auto keep = [&](btCollisionShape* shape) { part.shapes.emplace_back(shape); return shape; };
        auto primitive = [&](const Shape& s) -> btCollisionShape* {
            if (s.kind == "plane") return keep(new btStaticPlaneShape(btVector3(0, 0, 1), 0));
            if (s.kind == "box") return keep(new btBoxShape(btVector3(btScalar(s.size[0] / 2), btScalar(s.size[1] / 2), btScalar(s.size[2] / 2))));
            return keep(new btCapsuleShape(btScalar(s.size[0]), btScalar(s.size[1])));
        };
        if (b.shapes.empty()) return keep(new btEmptyShape());
        bool turned = (part.principal.getRotation() - btQuaternion::getIdentity()).length2() > btScalar(1e-12);
        if (b.shapes.size() == 1 && !turned) return primitive(b.shapes[0]);
        auto* compound = new btCompoundShape();
        keep(compound);
        for (auto& s : b.shapes) compound->addChildShape(part.principal.inverse() * to(s.pose), primitive(s));
        return compound;
    }

    void join(const Socket& socket) {
        auto &a = *parts_[socket.a], &b = *parts_[socket.b];
        const Swing* limit = nullptr;
        for (auto& swing : scene_.swings) if (swing.b == socket.b) limit = &swing;
        btVector3 atA = a.principal.inverse() * to(socket.atA), atB = b.principal.inverse() * to(socket.atB);
        if (limit) {
            // The twist axis, x of both frames, lies along the capsules' y.
            btTransform frame(btQuaternion(btVector3(0, 0, 1), SIMD_HALF_PI));
            btTransform frameA = a.principal.inverse() * frame, frameB = b.principal.inverse() * frame;
            frameA.setOrigin(atA);
            frameB.setOrigin(atB);
            auto joint = std::make_unique<btConeTwistConstraint>(*a.body, *b.body, frameA, frameB);
            joint->setLimit(btScalar(limit->angle), btScalar(limit->angle), kTwist);
            joints_.push_back(std::move(joint));
        } else joints_.push_back(std::make_unique<btPoint2PointConstraint>(*a.body, *b.body, atA, atB));
        world_.addConstraint(joints_.back().get(), true);
    }

    const Scene& scene_;
    double h_;
    btDefaultCollisionConfiguration configuration_;
    btCollisionDispatcher dispatcher_;
    btDbvtBroadphase broadphase_;
    btSequentialImpulseConstraintSolver solver_;
    btDiscreteDynamicsWorld world_;
    std::vector<std::unique_ptr<Part>> parts_;
    std::vector<std::unique_ptr<btTypedConstraint>> joints_;
};

}  // namespace

int main(int count, char** words) {
    return peerMain(count, words, "bullet", [](const Scene& scene, double h) { return std::make_unique<BulletPeer>(scene, h); });
}
