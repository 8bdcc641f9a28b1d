using System.ComponentModel.DataAnnotations;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Environments.Surgical;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Numerics;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Environments.SurgicalGym;

/// <summary>Configuration of <c>surgical-gym-psm-reach</c> and <c>surgical-gym-psm-track</c>.</summary>
public record struct GymPsmSettings()
{
    /// <summary>The ball; its mean is the point nearest to the source's (1, −0.5, 0.6) about which the tip can go one deviation in every direction.</summary>
    public BallSettings Ball { get; init; } = new() { X = 1f, Y = -0.4864f, Z = 0.4373f, Deviation = 0.05f };

    /// <summary>The drive of every joint.</summary>
    public DriveSettings Drive { get; init; } = new() { Stiffness = 1e4f, Damping = 1e3f };

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 400;

    /// <summary>Control period and integration step, s.</summary>
    [Range(1e-4f, 0.1f)] public float Dt { get; init; } = 0.0025f;

    /// <summary>Change of a joint's target in one step at an action of 1, of targets from −1 to 1.</summary>
    [Range(1e-5f, 1f)] public float TargetIncrement { get; init; } = 0.01f;

    /// <summary>Cost of the tip's distance from the ball, a metre of the sum of the axes.</summary>
    [Range(0f, 1000f)] public float DistanceCost { get; init; } = 1f;

    /// <summary>Cost of the sum of the joints' speeds, a rad/s or m/s.</summary>
    [Range(0f, 1000f)] public float SpeedCost { get; init; } = 1e-4f;

    /// <summary>Cost of the sum of the joints' distances from zero, a radian or metre.</summary>
    [Range(0f, 1000f)] public float PostureCost { get; init; } = 0.01f;

    /// <summary>
    /// With <c>source</c> the task repeats what is wrong in the source: the ball's mean out of the linked arm's reach, the parallelogram's
    /// joints driven apart, and a tip that is observed with its environment's place in the grid.
    /// </summary>
    public Parity Parity { get; init; }
}

/// <summary>The tool's own joints: two of the wrist and the first finger of the jaw, rad. None of them moves the tip.</summary>
public struct WristJoints<T> where T : unmanaged, ILane<T>
{
    public T Pitch, Yaw, Jaw;
}

/// <summary>What an action holds, and what the observation shows as targets: nine driven joints, −1 to 1.</summary>
public struct PsmTargets<T> where T : unmanaged, ILane<T>
{
    public ArmJoints<T> Arm;
    public WristJoints<T> Wrist;
}

/// <summary>All eleven joints: nine driven ones, and two whose targets are always 0.</summary>
public struct GymPsmJoints<T> where T : unmanaged, ILane<T>
{
    public ArmJoints<T> Arm;
    public WristJoints<T> Wrist;
    public T SecondJaw, Spare;
}

/// <summary>State of the PSM tasks.</summary>
public struct GymPsmState<T> where T : unmanaged, ILane<T>
{
    public ArmJoints<T> Position, Velocity;
    public WristJoints<T> WristPosition, WristVelocity;
    public PsmTargets<T> Target;
    public Vec3<T> Tip;
    public Ball<T> Ball;

    /// <summary>Components of actions clipped so far.</summary>
    public T Clipped;
}

/// <summary>What an actor of the PSM tasks sees: 37 numbers.</summary>
public struct GymPsmView<T> where T : unmanaged, ILane<T>
{
    /// <summary>rad and m.</summary>
    public GymPsmJoints<T> Position;

    /// <summary>rad/s and m/s.</summary>
    public GymPsmJoints<T> Velocity;

    /// <summary>Environment's frame, m.</summary>
    public Vec3<T> Tip;

    /// <summary>−1 to 1.</summary>
    public PsmTargets<T> Target;

    /// <summary>From the ball's centre to the tip, m.</summary>
    public Vec3<T> Error;
}

/// <summary>Observation groups of the PSM tasks.</summary>
public struct GymPsmObservation<T> where T : unmanaged, ILane<T>
{
    public GymPsmView<T> Observation;
    public GymInfo<T> Info;
}

/// <summary>Reward terms of the PSM tasks.</summary>
public struct GymPsmReward<T> where T : unmanaged, ILane<T>
{
    public T Distance, Speed, Posture;
}

/// <summary>
/// Bring a surgical instrument's tip to a ball: the PSM task of Surgical Gym (S. Schmidgall, A. Krieger and
/// J. Eshraghian, "Surgical Gym", 2023). No contacts: joint drives and kinematics.
/// </summary>
public readonly struct GymPsmTask<T>
    : ILaneTask<T, GymPsmTask<T>, GymPsmState<T>, PsmTargets<T>, GymPsmObservation<T>, GymPsmReward<T>, GymPsmSettings>
    where T : unmanaged, ILane<T>
{
    /// <summary>Limits of the wrist and of one finger of the jaw, rad.</summary>
    private const float WristLimit = PsmArm.WristLimit, JawLow = -0.1745f, JawHigh = 0.6981f;

    public static void Reset(out GymPsmState<T> state, in LaneRandom<T> random, in GymPsmSettings settings)
    {
        T zero = T.Of(0);
        state.Position = state.Velocity = state.Target.Arm = ArmJoints<T>.Zero;
        state.WristPosition.Pitch = state.WristPosition.Yaw = state.WristPosition.Jaw = zero;
        state.WristVelocity.Pitch = state.WristVelocity.Yaw = state.WristVelocity.Jaw = zero;
        state.Target.Wrist.Pitch = state.Target.Wrist.Yaw = state.Target.Wrist.Jaw = zero;
        RemoteCentreArm.Psm.TipOf(in state.Position, settings.Parity == Parity.Corrected, out state.Tip);
        Ball<T>.Draw(in random, settings.Ball, out state.Ball);
        state.Clipped = T.Of(0);
    }

    public static void Step(ref GymPsmState<T> state, in PsmTargets<T> action, in LaneRandom<T> random, in GymPsmSettings settings,
        out GymPsmReward<T> reward, out StepEnd<T> end)
    {
        var drive = JointDrive.Of(settings.Drive, settings.Dt);
        state.Target.Arm.Integrate(in action.Arm, settings.TargetIncrement);
        RemoteCentreArm.Psm.Advance(ref state.Position, ref state.Velocity, in state.Target.Arm, in drive, in drive, settings.Parity == Parity.Corrected);
        AdvanceWrist(ref state, in action.Wrist, in drive, settings.TargetIncrement);
        if (settings.Ball.Motion == BallMotion.Drifting) state.Ball.Drift(in random, settings.Ball);
        RemoteCentreArm.Psm.TipOf(in state.Position, settings.Parity == Parity.Corrected, out state.Tip);

        ErrorOf(in state, in settings, out var error);
        reward.Distance = -settings.DistanceCost * Ball<T>.Distance(in error);
        reward.Speed = -settings.SpeedCost * (state.Velocity.Size() + Size(in state.WristVelocity));
        reward.Posture = -settings.PostureCost * (state.Position.Size() + Size(in state.WristPosition));
        state.Clipped += action.Arm.Clipped() + Clipped(in action.Wrist);
        end.Terminated = end.Success = T.Of(0);
    }

    public static void Observe(in GymPsmState<T> state, in LaneRandom<T> random, in GymPsmSettings settings, out GymPsmObservation<T> observation)
    {
        observation.Observation.Position.Arm = state.Position;
        observation.Observation.Position.Wrist = state.WristPosition;
        observation.Observation.Position.SecondJaw = observation.Observation.Position.Spare = T.Of(0);
        observation.Observation.Velocity.Arm = state.Velocity;
        observation.Observation.Velocity.Wrist = state.WristVelocity;
        observation.Observation.Velocity.SecondJaw = observation.Observation.Velocity.Spare = T.Of(0);
        if (settings.Parity == Parity.Corrected) observation.Observation.Tip = state.Tip;
        else SourceGrid.Place(in state.Tip, in random, GymPsm.SourceSpacing, out observation.Observation.Tip);
        observation.Observation.Target = state.Target;
        ErrorOf(in state, in settings, out observation.Observation.Error);
        GymInfo<T>.Of(state.Clipped, in observation.Observation.Error, out observation.Info);
    }

    private static void AdvanceWrist(ref GymPsmState<T> state, in WristJoints<T> action, in JointDrive drive, float increment)
    {
        ref var target = ref state.Target.Wrist;
        target.Pitch = ArmJoints<T>.Target(target.Pitch, action.Pitch, increment);
        target.Yaw = ArmJoints<T>.Target(target.Yaw, action.Yaw, increment);
        target.Jaw = ArmJoints<T>.Target(target.Jaw, action.Jaw, increment);
        drive.Advance(ref state.WristPosition.Pitch, ref state.WristVelocity.Pitch, target.Pitch, -WristLimit, WristLimit);
        drive.Advance(ref state.WristPosition.Yaw, ref state.WristVelocity.Yaw, target.Yaw, -WristLimit, WristLimit);
        drive.Advance(ref state.WristPosition.Jaw, ref state.WristVelocity.Jaw, Clamp(target.Jaw, JawLow, JawHigh), JawLow, JawHigh);
    }

    private static void ErrorOf(in GymPsmState<T> state, in GymPsmSettings settings, out Vec3<T> error)
    {
        if (settings.Parity == Parity.Source) state.Ball.ErrorOf(in state.Tip, GymPsm.SourceX, GymPsm.SourceY, GymPsm.SourceZ, out error);
        else state.Ball.ErrorOf(in state.Tip, settings.Ball.X, settings.Ball.Y, settings.Ball.Z, out error);
    }

    private static T Clipped(in WristJoints<T> action)
        => ArmJoints<T>.IsClipped(action.Pitch) + ArmJoints<T>.IsClipped(action.Yaw) + ArmJoints<T>.IsClipped(action.Jaw);

    private static T Size(in WristJoints<T> joints) => T.Abs(joints.Pitch) + T.Abs(joints.Yaw) + T.Abs(joints.Jaw);
}

/// <summary>Registry rows of the PSM tasks.</summary>
public static class GymPsm
{
    /// <summary>The source's mean of the ball, and the distance of environments in its grid, m.</summary>
    internal const float SourceX = 1f, SourceY = -0.5f, SourceZ = 0.6f, SourceSpacing = 1.5f;

    public static LaneDefinition<GymPsmSettings> Reach { get; } = Define("surgical-gym-psm-reach",
        "Bring the tip of a da Vinci instrument to a ball that stands still.", new());

    public static LaneDefinition<GymPsmSettings> Track { get; } = Define("surgical-gym-psm-track",
        "Keep the tip of a da Vinci instrument at a drifting ball.",
        new() { Ball = new GymPsmSettings().Ball with { Motion = BallMotion.Drifting } });

    private static LaneDefinition<GymPsmSettings> Define(string id, string summary, GymPsmSettings defaults) => new(id, typeof(GymPsmTask<>))
    {
        Summary = summary,
        Defaults = defaults,
        Action = Box.Symmetric(9),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = settings => settings.Dt,
        RewardRange = _ => (float.NegativeInfinity, 0),
        InfoBounds = _ => GymInfoBounds.All,
        Check = settings => GymWorkspace.Check(settings.Ball, new GymPsmSettings().Ball, RemoteCentreArm.Psm, settings.Parity),
        ScriptedExpert = environments => new GymExpert(environments, DrivenArm.Psm((GymPsmSettings)environments.Spec.Settings)),
    };
}
