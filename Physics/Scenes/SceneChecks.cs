using System.Numerics;

namespace Sim.Physics.Scenes;

/// <summary>A scene that no engine could run; the message names what is wrong, its value and what would do.</summary>
public sealed class SceneException(string message) : ArgumentException(message);

/// <summary>What is wrong with a joint's number, or null.</summary>
internal static class JointChecks
{
    public static string? Finite(string name, float value)
        => float.IsFinite(value) ? null : FormattableString.Invariant($"{name} {value} must be finite");

    public static string? Finite(string name, Vector3 value)
        => SceneChecks.IsFinite(value) ? null : FormattableString.Invariant($"{name} {SceneChecks.Text(value)} must be finite");

    public static string? Unit(string name, Vector3 axis)
        => MathF.Abs(axis.LengthSquared() - 1) < 1e-3f ? null : FormattableString.Invariant($"{name} {SceneChecks.Text(axis)} must be a unit vector, its length is {axis.Length()}");

    public static string? Unit(string name, Quaternion rotation)
        => MathF.Abs(rotation.LengthSquared() - 1) < 1e-3f ? null : FormattableString.Invariant($"{name} {SceneChecks.Text(rotation)} must be a unit quaternion, its length is {rotation.Length()}");

    public static string? Within(string name, float value, float low, float high)
        => value >= low && value <= high ? null : FormattableString.Invariant($"{name} {value} must lie in [{low}, {high}]");

    /// <summary>A limit of speed or force.</summary>
    public static string? Limit(string name, float value)
        => value >= 0 && !float.IsInfinity(value) ? null : FormattableString.Invariant($"{name} {value} must be 0 or more, float.MaxValue for no limit");
}

/// <summary>The checks of <see cref="SceneBuilder.Build"/>.</summary>
internal static class SceneChecks
{
    public static bool IsFinite(Vector3 v) => float.IsFinite(v.X) && float.IsFinite(v.Y) && float.IsFinite(v.Z);

    public static string Text(Vector3 v) => FormattableString.Invariant($"({v.X}, {v.Y}, {v.Z})");

    public static string Text(Quaternion q) => FormattableString.Invariant($"({q.X}, {q.Y}, {q.Z}, {q.W})");

    public static string? PoseFault(Pose pose)
        => JointChecks.Finite("position", pose.Position) ?? JointChecks.Unit("orientation", pose.Orientation);

    public static void Body(Body body)
    {
        if (string.IsNullOrWhiteSpace(body.Name)) throw new SceneException("a body needs a name");
        string? fault = PoseFault(body.Pose) ?? JointChecks.Finite("linear velocity", body.LinearVelocity) ?? JointChecks.Finite("angular velocity", body.AngularVelocity)
            ?? body.Shape?.Fault ?? body.Material.Fault ?? MassFault(body) ?? MarginFault(body.SpeculativeMargin);
        if (fault is not null) throw new SceneException($"body '{body.Name}': {fault}");
    }

    private static string? MassFault(Body body)
    {
        if (body.Kind != BodyKind.Dynamic)
            return body.Mass == 0 && body.Inertia is null ? null : FormattableString.Invariant($"mass {body.Mass}: only a dynamic body has mass or inertia");
        if (!(float.IsFinite(body.Mass) && body.Mass > 0 && float.IsFinite(1 / body.Mass))) return FormattableString.Invariant($"mass {body.Mass} kg must be positive");
        if (body.Shape is PlaneShape) return "a plane cannot be dynamic";
        if (body.Shape is null && body.Inertia is null) return "a dynamic body without a shape needs an inertia";
        var inertia = body.Inertia ?? body.Shape!.Inertia(body.Mass);
        return inertia.IsFinite && inertia.IsPositiveDefinite && inertia.Inverse().IsFinite
            ? null
            : FormattableString.Invariant($"inertia ({inertia.XX}, {inertia.YX}, {inertia.YY}, {inertia.ZX}, {inertia.ZY}, {inertia.ZZ}) kg·m² must be positive definite");
    }

    private static string? MarginFault(SpeculativeMargin margin)
        => JointChecks.Limit("minimum speculative margin", margin.Minimum)
            ?? JointChecks.Within("maximum speculative margin", margin.Maximum, margin.Minimum, float.MaxValue);

    public static void Joint(JointPlacement joint, IReadOnlyList<Body> bodies)
    {
        string where = $"joint '{joint.Name}' ({joint.Joint.GetType().Name})";
        int given = joint.B is null ? 1 : 2;
        if (given != joint.Joint.Bodies) throw new SceneException($"{where} takes {joint.Joint.Bodies} bodies, not {given}");
        if (joint.B is { } b && b == joint.A) throw new SceneException($"{where} joins body '{bodies[b.Index].Name}' to itself");
        bool moves = bodies[joint.A.Index].Kind == BodyKind.Dynamic || (joint.B is { } other && bodies[other.Index].Kind == BodyKind.Dynamic);
        if (!moves)
        {
            string names = joint.B is { } second ? $"'{bodies[joint.A.Index].Name}' and '{bodies[second.Index].Name}'" : $"'{bodies[joint.A.Index].Name}'";
            throw new SceneException($"{where} needs at least one dynamic body; {names} cannot be pushed");
        }
        foreach (var body in new[] { joint.A, joint.B ?? joint.A })
        {
            if (bodies[body.Index].Kind == BodyKind.Static)
                throw new SceneException($"{where}: body '{bodies[body.Index].Name}' is static; make it kinematic to hold a joint");
        }
        if (joint.Joint.Fault is { } fault) throw new SceneException($"{where}: {fault}");
    }
}
