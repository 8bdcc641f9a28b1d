using System.ComponentModel.DataAnnotations;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Environments.Surgical;
using Sim.Physics.Numerics;

namespace Sim.Environments.SurgicalGym;

/// <summary>Configuration of <c>surgical-gym-ecm-reach</c> and <c>surgical-gym-ecm-track</c>.</summary>
public record struct GymEcmSettings()
{
    /// <summary>The ball; its mean is the point nearest to the source's (0.2, 0, 1) about which the tip can go one deviation in every direction.</summary>
    public BallSettings Ball { get; init; } = new() { X = 0.4012f, Y = 0f, Z = -0.5262f, Deviation = 0.1f };

    /// <summary>The drive of the joints that turn.</summary>
    public DriveSettings Drive { get; init; } = new() { Stiffness = 1e4f, Damping = 1e3f };

    /// <summary>The drive of the insertion.</summary>
    public DriveSettings InsertionDrive { get; init; } = new() { Stiffness = 1e5f, Damping = 1e4f };

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 400;

    /// <summary>Control period and integration step, s.</summary>
    [Range(1e-4f, 0.1f)] public float Dt { get; init; } = 0.005f;

    /// <summary>Change of a joint's target in one step at an action of 1, of targets from −1 to 1.</summary>
    [Range(1e-5f, 1f)] public float TargetIncrement { get; init; } = 0.02f;

    /// <summary>Cost of the tip's distance from the ball, a metre of the sum of the axes.</summary>
    [Range(0f, 1000f)] public float DistanceCost { get; init; } = 1f;

    /// <summary>
    /// With <c>source</c> the task repeats what is wrong in the source: the ball's mean out of the arm's reach, the parallelogram's joints
    /// driven apart, and a tip that is observed with its environment's place in the grid.
    /// </summary>
    public Parity Parity { get; init; }
}

/// <summary>State of the ECM tasks.</summary>
public struct GymEcmState<T> where T : unmanaged, ILane<T>
{
    public ArmJoints<T> Position, Velocity, Target;
    public Vec3<T> Tip;
    public Ball<T> Ball;

    /// <summary>Components of actions clipped so far.</summary>
    public T Clipped;
}

/// <summary>What an actor of the ECM tasks sees: 24 numbers.</summary>
public struct GymEcmView<T> where T : unmanaged, ILane<T>
{
    /// <summary>rad and m.</summary>
    public ArmJoints<T> Position;

    /// <summary>rad/s and m/s.</summary>
    public ArmJoints<T> Velocity;

    /// <summary>Environment's frame, m.</summary>
    public Vec3<T> Tip;

    /// <summary>−1 to 1.</summary>
    public ArmJoints<T> Target;

    /// <summary>From the ball's centre to the tip, m.</summary>
    public Vec3<T> Error;
}

/// <summary>Observation groups of the ECM tasks.</summary>
public struct GymEcmObservation<T> where T : unmanaged, ILane<T>
{
    public GymEcmView<T> Observation;
    public GymInfo<T> Info;
}

/// <summary>Reward terms of the ECM tasks.</summary>
public struct GymEcmReward<T> where T : unmanaged, ILane<T>
{
    public T Distance;
}

/// <summary>
/// Bring an endoscope's tip to a ball: the ECM task of Surgical Gym (S. Schmidgall, A. Krieger and J. Eshraghian,
/// "Surgical Gym", 2023). The source has no drifting ball here; it drifts as the others do.
/// </summary>
public readonly struct GymEcmTask<T>
    : ILaneTask<T, GymEcmTask<T>, GymEcmState<T>, ArmJoints<T>, GymEcmObservation<T>, GymEcmReward<T>, GymEcmSettings>
    where T : unmanaged, ILane<T>
{
    public static void Reset(out GymEcmState<T> state, in LaneRandom<T> random, in GymEcmSettings settings)
    {
        state.Position = state.Velocity = state.Target = ArmJoints<T>.Zero;
        RemoteCentreArm.Ecm.TipOf(in state.Position, settings.Parity == Parity.Corrected, out state.Tip);
        Ball<T>.Draw(in random, settings.Ball, out state.Ball);
        state.Clipped = T.Of(0);
    }

    public static void Step(ref GymEcmState<T> state, in ArmJoints<T> action, in LaneRandom<T> random, in GymEcmSettings settings,
        out GymEcmReward<T> reward, out StepEnd<T> end)
    {
        var turning = JointDrive.Of(settings.Drive, settings.Dt);
        var sliding = JointDrive.Of(settings.InsertionDrive, settings.Dt);
        state.Target.Integrate(in action, settings.TargetIncrement);
        RemoteCentreArm.Ecm.Advance(ref state.Position, ref state.Velocity, in state.Target, in turning, in sliding, settings.Parity == Parity.Corrected);
        if (settings.Ball.Motion == BallMotion.Drifting) state.Ball.Drift(in random, settings.Ball);
        RemoteCentreArm.Ecm.TipOf(in state.Position, settings.Parity == Parity.Corrected, out state.Tip);

        ErrorOf(in state, in settings, out var error);
        reward.Distance = -settings.DistanceCost * Ball<T>.Distance(in error);
        state.Clipped += action.Clipped();
        end.Terminated = end.Success = T.Of(0);
    }

    public static void Observe(in GymEcmState<T> state, in LaneRandom<T> random, in GymEcmSettings settings, out GymEcmObservation<T> observation)
    {
        observation.Observation.Position = state.Position;
        observation.Observation.Velocity = state.Velocity;
        if (settings.Parity == Parity.Corrected) observation.Observation.Tip = state.Tip;
        else SourceGrid.Place(in state.Tip, in random, GymEcm.SourceSpacing, out observation.Observation.Tip);
        observation.Observation.Target = state.Target;
        ErrorOf(in state, in settings, out observation.Observation.Error);
        GymInfo<T>.Of(state.Clipped, in observation.Observation.Error, out observation.Info);
    }

    private static void ErrorOf(in GymEcmState<T> state, in GymEcmSettings settings, out Vec3<T> error)
    {
        if (settings.Parity == Parity.Source) state.Ball.ErrorOf(in state.Tip, GymEcm.SourceX, GymEcm.SourceY, GymEcm.SourceZ, out error);
        else state.Ball.ErrorOf(in state.Tip, settings.Ball.X, settings.Ball.Y, settings.Ball.Z, out error);
    }
}

/// <summary>Registry rows of the ECM tasks.</summary>
public static class GymEcm
{
    /// <summary>The source's mean of the ball, and the distance of environments in its grid, m.</summary>
    internal const float SourceX = 0.2f, SourceY = 0f, SourceZ = 1f, SourceSpacing = 1.5f;

    public static LaneDefinition<GymEcmSettings> Reach { get; } = Define("surgical-gym-ecm-reach",
        "Bring the tip of a da Vinci endoscope to a ball that stands still.", new());

    public static LaneDefinition<GymEcmSettings> Track { get; } = Define("surgical-gym-ecm-track",
        "Keep the tip of a da Vinci endoscope at a drifting ball.",
        new() { Ball = new GymEcmSettings().Ball with { Motion = BallMotion.Drifting } });

    private static LaneDefinition<GymEcmSettings> Define(string id, string summary, GymEcmSettings defaults) => new(id, typeof(GymEcmTask<>))
    {
        Summary = summary,
        Defaults = defaults,
        Action = Box.Symmetric(6),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = settings => settings.Dt,
        RewardRange = _ => (float.NegativeInfinity, 0),
        InfoBounds = _ => GymInfoBounds.All,
        Check = settings => GymWorkspace.Check(settings.Ball, new GymEcmSettings().Ball, RemoteCentreArm.Ecm, settings.Parity),
        ScriptedExpert = environments => new GymExpert(environments, DrivenArm.Ecm((GymEcmSettings)environments.Spec.Settings)),
    };
}
