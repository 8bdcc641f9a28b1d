using System.Numerics;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Physics.Batched.Joints;

/// <summary>Writes a joint's parameters in the order in which its kernel reads them, for one environment.</summary>
internal ref struct JointRows(Span<float> rows, float h)
{
    private readonly Span<float> _rows = rows;
    private readonly float _h = h;
    private int _next;

    /// <summary>Mask of all bits.</summary>
    public static readonly float True = BitConverter.UInt32BitsToSingle(uint.MaxValue);

    /// <param name="joint">What to write.</param>
    /// <param name="legacySwingLimit">The scene's setting.</param>
    /// <param name="rows">As many as the joint's kernel has parameters.</param>
    /// <param name="h">Substep, seconds.</param>
    public static void Write(Joint joint, bool legacySwingLimit, Span<float> rows, float h)
    {
        var writer = new JointRows(rows, h);
        if (joint is ServoJoint servo) writer.Servo(servo);
        else if (joint is SpringJoint spring) writer.Put(Softness.Of(spring.Spring, h));
        writer.Own(joint, legacySwingLimit);
    }

    /// <summary>Takes hold of two bodies as they are: changes where B is to A, or A's anchor to where B's is, and nothing else.</summary>
    /// <param name="joint">Its kind; of others than weld, ball sockets and angular servo nothing changes.</param>
    /// <param name="rows">The joint's parameters.</param>
    /// <param name="relative">B's pose in A's axes.</param>
    public static void Hold(Joint joint, Span<float> rows, Pose relative)
    {
        // A servo's own parameters stand after more rows than a spring's.
        int first = joint is ServoJoint ? ServoRows.Count : SoftnessRows.Count;
        var writer = new JointRows(rows[first..], h: 0);
        switch (joint)
        {
            case Weld: writer.Put(relative.Position); writer.Put(relative.Orientation); break;
            case BallSocket or BallSocketServo: writer.Put(relative.Transform(new Vector3(rows.Slice(first + 3, 3)))); break;
            case AngularServo: writer.Put(relative.Orientation); break;
        }
    }

    private void Own(Joint joint, bool legacySwingLimit)
    {
        switch (joint)
        {
            case BallSocket ball: Put(ball.LocalOffsetA); Put(ball.LocalOffsetB); break;
            case BallSocketServo ball: Put(ball.LocalOffsetA); Put(ball.LocalOffsetB); break;
            case Weld weld: Put(weld.LocalOffset); Put(weld.LocalOrientation); break;
            case Hinge hinge:
                Put(hinge.LocalOffsetA); Put(hinge.LocalOffsetB);
                PutWithTangents(hinge.LocalHingeAxisA, hinge.LocalHingeAxisB);
                break;
            case SwivelHinge swivel:
                Put(swivel.LocalOffsetA); Put(swivel.LocalOffsetB);
                Put(Vector3.Normalize(swivel.LocalSwivelAxisA)); Put(Vector3.Normalize(swivel.LocalHingeAxisB));
                break;
            case SwingLimit swing:
                Put(Vector3.Normalize(swing.AxisLocalA)); Put(Vector3.Normalize(swing.AxisLocalB));
                Put(swing.MinimumDot); Put(legacySwingLimit ? True : 0);
                break;
            case TwistLimit twist:
                Put(twist.LocalBasisA); Put(twist.LocalBasisB);
                Put(twist.MinimumAngle); Put(twist.MaximumAngle);
                break;
            case TwistServo twist: Put(twist.LocalBasisA); Put(twist.LocalBasisB); Put(twist.TargetAngle); break;
            case AngularServo angular: Put(angular.TargetRelativeRotationLocalA); break;
            case AngularMotor motor:
                Put(Softness.Of(motor.Motor, _h));
                Put(Impulse(motor.Motor.MaximumForce)); Put(motor.TargetVelocityLocalA);
                break;
            case DistanceLimit distance:
                Put(distance.LocalOffsetA); Put(distance.LocalOffsetB);
                Put(distance.MinimumDistance); Put(distance.MaximumDistance);
                break;
            case PointOnLineServo line:
                Put(line.LocalOffsetA); Put(line.LocalOffsetB);
                PutWithTangents(line.LocalDirection, null);
                break;
            case OneBodyLinearServo servo: Put(servo.LocalOffset); Put(servo.Target); break;
            case OneBodyAngularServo servo: Put(servo.TargetOrientation); break;
            default: throw new NotSupportedException($"no kernel for a {joint.GetType().Name}");
        }
    }

    private void Servo(ServoJoint joint)
    {
        Put(Softness.Of(joint.Spring, _h));
        Put(joint.Servo.MaximumSpeed);
        Put(joint.Servo.BaseSpeed);
        Put(Impulse(joint.Servo.MaximumForce));
    }

    /// <summary>An axis of A, one of B if there is one, and two axes of A at right angles to the first.</summary>
    private void PutWithTangents(Vector3 axisA, Vector3? axisB)
    {
        var axis = Vector3.Normalize(axisA);
        Put(axis);
        if (axisB is { } other) Put(Vector3.Normalize(other));
        Vec3<Lane1>.Tangents(Lanes(axis), out var first, out var second);
        Put(Vector(first));
        Put(Vector(second));
    }

    private static Vec3<Lane1> Lanes(Vector3 v) => new(new(v.X), new(v.Y), new(v.Z));

    private static Vector3 Vector(Vec3<Lane1> v) => new(v.X.Value, v.Y.Value, v.Z.Value);

    private readonly float Impulse(float force) => force >= float.MaxValue ? float.MaxValue : force * _h;

    private void Put(Softness softness)
    {
        Put(softness.ErrorToVelocity);
        Put(softness.MassScale);
        Put(softness.Share);
    }

    private void Put(Quaternion rotation)
    {
        rotation = Quaternion.Normalize(rotation);
        Put(new Vector3(rotation.X, rotation.Y, rotation.Z));
        Put(rotation.W);
    }

    private void Put(Vector3 vector)
    {
        Put(vector.X);
        Put(vector.Y);
        Put(vector.Z);
    }

    private void Put(float value) => _rows[_next++] = value;
}
