using System.Numerics;
using Sim.Environments.Surgical;
using Sim.Physics.Numerics;

namespace Sim.Environments.SurgicalGym;

/// <summary>An arm as whoever steers it by its targets needs it: targets in, tip out, and where its numbers stand in the observation.</summary>
internal sealed class DrivenArm
{
    private readonly Kinematics _tip;

    private DrivenArm(int drives, Kinematics tip) => (Drives, _tip) = (drives, tip);

    /// <summary>Where the tip is with the joints at given targets, m.</summary>
    private delegate Vector3 Kinematics(ReadOnlySpan<float> targets);

    /// <summary>Driven joints, and numbers of an action.</summary>
    public int Drives { get; }

    /// <summary>Of the joints' positions, the targets and the tip's error in the observation.</summary>
    public required (int Position, int Target, int Error) Columns { get; init; }

    /// <summary>Change of a target in one step at an action of 1.</summary>
    public required float Increment { get; init; }

    /// <summary>Position of the joints at target 0, and its change a unit of target.</summary>
    private Func<int, (float Offset, float Scale)> Units { get; init; } = _ => (0, 1);

    public static DrivenArm Psm(GymPsmSettings settings)
        => OfRemoteCentre(9, RemoteCentreArm.Psm, settings.Parity == Parity.Corrected, (0, 25, 34), settings.TargetIncrement);

    public static DrivenArm Ecm(GymEcmSettings settings)
        => OfRemoteCentre(6, RemoteCentreArm.Ecm, settings.Parity == Parity.Corrected, (0, 15, 21), settings.TargetIncrement);

    public static DrivenArm Star(GymStarSettings settings) => new(8, StarTip)
    {
        Columns = (0, 16, 24),
        Increment = settings.TargetIncrement,
        Units = _ => (0, StarArm.TargetScale),
    };

    /// <summary>Where the tip is with the joints at given targets, m.</summary>
    public Vector3 Tip(ReadOnlySpan<float> targets) => _tip(targets);

    /// <summary>The target at which a joint would stand where it is.</summary>
    public float TargetOf(int joint, float position)
    {
        var (offset, scale) = Units(joint);
        return (position - offset) / scale;
    }

    /// <summary>
    /// The change of targets that takes the tip by <paramref name="way"/>, by damped least squares (Y. Nakamura and
    /// H. Hanafusa, "Inverse kinematic solutions with singularity robustness for robot manipulator control", 1986).
    /// </summary>
    /// <param name="targets">Where the joints stand.</param>
    /// <param name="way">m.</param>
    /// <param name="change">Written, one number a drive.</param>
    public void Solve(ReadOnlySpan<float> targets, Vector3 way, Span<float> change)
    {
        // Wide enough for float32 differences, small beside the curvature of the motion.
        const float probe = 1e-2f, damping = 0.01f;
        Span<float> probed = stackalloc float[Drives];
        Span<Vector3> columns = stackalloc Vector3[Drives];
        for (int i = 0; i < Drives; i++)
        {
            targets.CopyTo(probed);
            probed[i] = targets[i] + probe;
            var ahead = Tip(probed);
            probed[i] = targets[i] - probe;
            columns[i] = (ahead - Tip(probed)) / (2 * probe);
        }
        // (J·Jᵀ + λ²·1) x = way, a symmetric system of three.
        float xx = damping * damping, yy = xx, zz = xx, xy = 0, xz = 0, yz = 0;
        foreach (var column in columns)
        {
            xx += column.X * column.X;
            yy += column.Y * column.Y;
            zz += column.Z * column.Z;
            xy += column.X * column.Y;
            xz += column.X * column.Z;
            yz += column.Y * column.Z;
        }
        var cofactors = new Vector3((yy * zz) - (yz * yz), (xz * yz) - (xy * zz), (xy * yz) - (xz * yy));
        float determinant = Vector3.Dot(new(xx, xy, xz), cofactors);
        var solution = new Vector3(
            Vector3.Dot(cofactors, way),
            Vector3.Dot(new(cofactors.Y, (xx * zz) - (xz * xz), (xy * xz) - (xx * yz)), way),
            Vector3.Dot(new(cofactors.Z, (xy * xz) - (xx * yz), (xx * yy) - (xy * xy)), way)) / determinant;
        for (int i = 0; i < Drives; i++) change[i] = Vector3.Dot(columns[i], solution);
    }

    private static DrivenArm OfRemoteCentre(int drives, RemoteCentreArm arm, bool isLinked, (int, int, int) columns, float increment)
        => new(drives, targets => TipOf(arm, isLinked, targets))
        {
            Columns = columns,
            Increment = increment,
            Units = joint => joint == 4 ? (RemoteCentreArm.HalfInsertion, RemoteCentreArm.HalfInsertion) : (0, 1),
        };

    private static Vector3 TipOf(in RemoteCentreArm arm, bool isLinked, ReadOnlySpan<float> targets)
    {
        ArmJoints<Lane1> joints;
        joints.Yaw = new(targets[0]);
        joints.PitchBack = new(targets[1]);
        joints.PitchBottom = new(targets[2]);
        // Linked, the three targets act by their mean.
        joints.PitchEnd = new(isLinked ? (targets[1] - targets[2] + targets[3]) / 3 : targets[3]);
        joints.Insertion = new(RemoteCentreArm.HalfInsertion * (1 + targets[4]));
        joints.Roll = new(targets[5]);
        arm.TipOf(in joints, isLinked, out var tip);
        return new(tip.X.Value, tip.Y.Value, tip.Z.Value);
    }

    private static Vector3 StarTip(ReadOnlySpan<float> targets)
    {
        StarJoints<Lane1> joints;
        joints.Joint1 = new(StarArm.TargetScale * targets[0]);
        joints.Joint2 = new(StarArm.TargetScale * targets[1]);
        joints.Joint3 = new(StarArm.TargetScale * targets[2]);
        joints.Joint4 = new(StarArm.TargetScale * targets[3]);
        joints.Joint5 = new(StarArm.TargetScale * targets[4]);
        joints.Joint6 = new(StarArm.TargetScale * targets[5]);
        joints.Joint7 = new(StarArm.TargetScale * targets[6]);
        joints.Tool = new(StarArm.TargetScale * targets[7]);
        StarArm.TipOf(in joints, out var tip);
        return new(tip.X.Value, tip.Y.Value, tip.Z.Value);
    }
}
