using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Numerics;
using Sim.Environments.Configuration;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Camera;

/// <summary>A box in the world from which goals are drawn; equal limits fix a coordinate.</summary>
public record struct GoalRegion()
{
    /// <summary>Least x, m.</summary>
    [Range(-1f, 2f)] public float XLow { get; init; } = 0.45f;

    /// <summary>Greatest x, m.</summary>
    [Range(-1f, 2f)] public float XHigh { get; init; } = 0.55f;

    /// <summary>Least y, m.</summary>
    [Range(-1f, 1f)] public float YLow { get; init; } = -0.05f;

    /// <summary>Greatest y, m.</summary>
    [Range(-1f, 1f)] public float YHigh { get; init; } = 0.05f;

    /// <summary>Least z, m.</summary>
    [Range(-1f, 2f)] public float ZLow { get; init; } = 0.60f;

    /// <summary>Greatest z, m.</summary>
    [Range(-1f, 2f)] public float ZHigh { get; init; } = 0.70f;

    /// <exception cref="SettingsException">A limit is above its partner, or a corner is out of the arm's reach.</exception>
    internal readonly void Check()
    {
        Limits.Check("goal.x", XLow, XHigh);
        Limits.Check("goal.y", YLow, YHigh);
        Limits.Check("goal.z", ZLow, ZHigh);
        foreach (float x in (float[])[XLow, XHigh])
        {
            foreach (float y in (float[])[YLow, YHigh])
            {
                foreach (float z in (float[])[ZLow, ZHigh]) CheckReach(new(x, y, z));
            }
        }
    }

    private static void CheckReach(Vector3 goal)
    {
        var position = ArmMount.Ecm.PointFromWorld(new Vec3<Lane1>(new(goal.X), new(goal.Y), new(goal.Z)), 1);
        EcmArm.Inverse(in position, 1, new Lane1(0), out var joints, out var reachable);
        if (Lane1.Any(reachable)) return;
        var culture = CultureInfo.InvariantCulture;
        throw new SettingsException(string.Create(culture,
            $"goal = ({goal.X:0.###}, {goal.Y:0.###}, {goal.Z:0.###}) is out of the arm's reach: it needs yaw {Degrees(joints.Yaw):0.#}°, pitch {Degrees(joints.Pitch):0.#}°, insertion {joints.Insertion.Value:0.###} m; expected yaw within ±90°, pitch −45° to 66.4°, insertion −0.01 to 0.254 m."));
    }

    private static float Degrees(Lane1 angle) => angle.Value * 180 / MathF.PI;
}
