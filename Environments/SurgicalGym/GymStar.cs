using System.ComponentModel.DataAnnotations;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;

namespace Sim.Environments.SurgicalGym;

/// <summary>Configuration of <c>surgical-gym-star-reach</c> and <c>surgical-gym-star-track</c>.</summary>
public record struct GymStarSettings()
{
    /// <summary>The ball; its mean is the source's.</summary>
    public BallSettings Ball { get; init; } = new() { X = 0f, Y = 0f, Z = 0.8f, Deviation = 0.15f };

    /// <summary>The drive of every joint.</summary>
    public DriveSettings Drive { get; init; } = new() { Stiffness = 200f, Damping = 12f };

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 400;

    /// <summary>Control period and integration step, s.</summary>
    [Range(1e-4f, 0.1f)] public float Dt { get; init; } = 0.0025f;

    /// <summary>Change of a joint's target in one step at an action of 1, of targets from −1 to 1.</summary>
    [Range(1e-5f, 1f)] public float TargetIncrement { get; init; } = 0.01f;

    /// <summary>Cost of the tip's distance from the ball, a metre of the sum of the axes.</summary>
    [Range(0f, 1000f)] public float DistanceCost { get; init; } = 1f;

    /// <summary>Cost of the sum of the joints' speeds, a rad/s.</summary>
    [Range(0f, 1000f)] public float SpeedCost { get; init; } = 1e-3f;
}

/// <summary>State of the STAR tasks.</summary>
public struct GymStarState<T> where T : unmanaged, ILane<T>
{
    public StarJoints<T> Position, Velocity, Target;
    public Vec3<T> Tip;
    public Ball<T> Ball;

    /// <summary>Components of actions clipped so far.</summary>
    public T Clipped;
}

/// <summary>What an actor of the STAR tasks sees: 27 numbers.</summary>
public struct GymStarView<T> where T : unmanaged, ILane<T>
{
    /// <summary>rad.</summary>
    public StarJoints<T> Position;

    /// <summary>rad/s.</summary>
    public StarJoints<T> Velocity;

    /// <summary>−1 to 1.</summary>
    public StarJoints<T> Target;

    /// <summary>From the ball's centre to the tip, m.</summary>
    public Vec3<T> Error;
}

/// <summary>Observation groups of the STAR tasks.</summary>
public struct GymStarObservation<T> where T : unmanaged, ILane<T>
{
    public GymStarView<T> Observation;
    public GymInfo<T> Info;
}

/// <summary>Reward terms of the STAR tasks.</summary>
public struct GymStarReward<T> where T : unmanaged, ILane<T>
{
    public T Distance, Speed;
}

/// <summary>
/// Bring a suturing tool's tip to a ball: the STAR task of Surgical Gym (S. Schmidgall, A. Krieger and J. Eshraghian,
/// "Surgical Gym", 2023), on an arm whose sizes are ours.
/// </summary>
public readonly struct GymStarTask<T>
    : ILaneTask<T, GymStarTask<T>, GymStarState<T>, StarJoints<T>, GymStarObservation<T>, GymStarReward<T>, GymStarSettings>
    where T : unmanaged, ILane<T>
{
    public static void Reset(out GymStarState<T> state, in LaneRandom<T> random, in GymStarSettings settings)
    {
        T zero = T.Of(0);
        state.Target.Joint1 = state.Target.Joint3 = state.Target.Joint5 = state.Target.Joint7 = state.Target.Tool = zero;
        state.Target.Joint2 = T.Of(StarArm.Rest2);
        state.Target.Joint4 = T.Of(StarArm.Rest4);
        state.Target.Joint6 = T.Of(StarArm.Rest6);
        state.Position = state.Velocity = state.Target;
        state.Position.Joint2 = T.Of(StarArm.Rest2 * StarArm.TargetScale);
        state.Position.Joint4 = T.Of(StarArm.Rest4 * StarArm.TargetScale);
        state.Position.Joint6 = T.Of(StarArm.Rest6 * StarArm.TargetScale);
        state.Velocity.Joint2 = state.Velocity.Joint4 = state.Velocity.Joint6 = zero;
        StarArm.TipOf(in state.Position, out state.Tip);
        Ball<T>.Draw(in random, settings.Ball, out state.Ball);
        state.Clipped = T.Of(0);
    }

    public static void Step(ref GymStarState<T> state, in StarJoints<T> action, in LaneRandom<T> random, in GymStarSettings settings,
        out GymStarReward<T> reward, out StepEnd<T> end)
    {
        var drive = JointDrive.Of(settings.Drive, settings.Dt);
        StarArm.Integrate(ref state.Target, in action, settings.TargetIncrement);
        StarArm.Advance(ref state.Position, ref state.Velocity, in state.Target, in drive);
        if (settings.Ball.Motion == BallMotion.Drifting) state.Ball.Drift(in random, settings.Ball);
        StarArm.TipOf(in state.Position, out state.Tip);

        state.Ball.ErrorOf(in state.Tip, settings.Ball.X, settings.Ball.Y, settings.Ball.Z, out var error);
        reward.Distance = -settings.DistanceCost * Ball<T>.Distance(in error);
        reward.Speed = -settings.SpeedCost * state.Velocity.Size();
        state.Clipped += action.Clipped();
        end.Terminated = end.Success = T.Of(0);
    }

    public static void Observe(in GymStarState<T> state, in LaneRandom<T> random, in GymStarSettings settings, out GymStarObservation<T> observation)
    {
        observation.Observation.Position = state.Position;
        observation.Observation.Velocity = state.Velocity;
        observation.Observation.Target = state.Target;
        state.Ball.ErrorOf(in state.Tip, settings.Ball.X, settings.Ball.Y, settings.Ball.Z, out observation.Observation.Error);
        GymInfo<T>.Of(state.Clipped, in observation.Observation.Error, out observation.Info);
    }
}

/// <summary>Registry rows of the STAR tasks.</summary>
public static class GymStar
{
    public static LaneDefinition<GymStarSettings> Reach { get; } = Define("surgical-gym-star-reach",
        "Bring the tip of a suturing robot's tool to a ball that stands still.", new());

    public static LaneDefinition<GymStarSettings> Track { get; } = Define("surgical-gym-star-track",
        "Keep the tip of a suturing robot's tool at a drifting ball.",
        new() { Ball = new GymStarSettings().Ball with { Motion = BallMotion.Drifting } });

    private static LaneDefinition<GymStarSettings> Define(string id, string summary, GymStarSettings defaults) => new(id, typeof(GymStarTask<>))
    {
        Summary = summary,
        Defaults = defaults,
        Action = Box.Symmetric(8),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = settings => settings.Dt,
        RewardRange = _ => (float.NegativeInfinity, 0),
        InfoBounds = _ => GymInfoBounds.All,
        Check = settings => GymWorkspace.CheckStar(settings.Ball),
        ScriptedExpert = environments => new GymExpert(environments, DrivenArm.Star((GymStarSettings)environments.Spec.Settings)),
    };
}
