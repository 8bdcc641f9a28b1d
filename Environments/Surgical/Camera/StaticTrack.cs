using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Camera;

/// <summary>Configuration of <c>surgical-static-track</c>.</summary>
public record struct StaticTrackSettings()
{
    /// <summary>Where the target may lie on the table.</summary>
    public TableSettings Table { get; init; } = new();

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 50;

    /// <summary>Camera velocity of a full action, m/s.</summary>
    [Range(1e-5f, 1f)] public float Speed { get; init; } = 0.01f;

    /// <summary>Insertion at the start, m.</summary>
    [Range(0f, 0.254f)] public float StartInsertion { get; init; } = 0.04f;

    /// <summary>Distance from the middle of the picture that counts as centred, in half pictures.</summary>
    [Range(1e-4f, 1f)] public float SuccessDistance { get; init; } = 0.01f;

    /// <summary>Rate of the turn upright below which the picture counts as upright, rad/s; no matter with <c>parity=source</c>.</summary>
    [Range(1e-4f, 100f)] public float SuccessRate { get; init; } = 0.01f;

    /// <summary>
    /// Whether, as in the source, a turned picture is a success too, and the turn upright is damped while the target is
    /// off centre.
    /// </summary>
    public Parity Parity { get; init; } = Parity.Corrected;
}

/// <summary>State of <c>surgical-static-track</c>.</summary>
public struct StaticTrackState<T> where T : unmanaged, ILane<T>
{
    public TrackingCamera<T> Camera;

    /// <summary>In the RCM frame, m.</summary>
    public Vec3<T> Target;
}

/// <summary>The goal of <c>surgical-static-track</c>: a centred and upright picture, all zeros.</summary>
public struct TrackGoal<T> where T : unmanaged, ILane<T>
{
    /// <summary>The target in the picture, in half pictures.</summary>
    public T X, Y;

    /// <summary>rad/s.</summary>
    public T RollRate;
}

/// <summary>Observation groups of <c>surgical-static-track</c>.</summary>
public struct StaticTrackObservation<T> where T : unmanaged, ILane<T>
{
    public TrackingView<T> Observation;
    public TrackGoal<T> AchievedGoal, DesiredGoal;
    public CameraInfo<T> Info;
}

/// <summary>Turn the endoscope to a cube on the table and keep the picture upright: StaticTrack of SurRoL.</summary>
public readonly struct StaticTrackTask<T>
    : ILaneTask<T, StaticTrackTask<T>, StaticTrackState<T>, CameraAction<T>, StaticTrackObservation<T>, GoalTerm<T>, StaticTrackSettings>
    where T : unmanaged, ILane<T>
{
    public static void Reset(out StaticTrackState<T> state, in LaneRandom<T> random, in StaticTrackSettings settings)
    {
        var draws = random.Stream(RandomStream.Task);
        T x = draws.Uniform(settings.Table.XLow, settings.Table.XHigh), y = draws.Uniform(settings.Table.YLow, settings.Table.YHigh);
        state.Target = TableSettings.Seen(x, y);
        TrackingCamera<T>.RestAt(settings.StartInsertion, in state.Target, out state.Camera);
    }

    public static void Step(ref StaticTrackState<T> state, in CameraAction<T> action, in LaneRandom<T> random, in StaticTrackSettings settings,
        out GoalTerm<T> reward, out StepEnd<T> end)
    {
        state.Camera.Steer(in action, settings.Speed, settings.Parity);
        state.Camera.Arm.Run(CameraArm<T>.LeftAfter24);
        TargetView<T>.Of(in state.Camera.Arm.Eef, state.Target, out state.Camera.View);

        Achieved(in state, out var achieved);
        TrackGoal<T> desired;
        desired.X = desired.Y = desired.RollRate = end.Terminated = T.Of(0);
        end.Success = Reached(in achieved, in desired, in settings);
        reward = GoalTerm<T>.Of(end.Success);
    }

    public static void Observe(in StaticTrackState<T> state, in LaneRandom<T> random, in StaticTrackSettings settings, out StaticTrackObservation<T> observation)
    {
        TrackingView<T>.Of(in state.Camera, out observation.Observation);
        Achieved(in state, out observation.AchievedGoal);
        observation.DesiredGoal.X = observation.DesiredGoal.Y = observation.DesiredGoal.RollRate = T.Of(0);
        observation.Info = state.Camera.Info;
    }

    /// <summary>Mask: a picture is as centred and as upright as desired.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Reached(in TrackGoal<T> achieved, in TrackGoal<T> desired, in StaticTrackSettings settings)
    {
        T x = achieved.X - desired.X, y = achieved.Y - desired.Y;
        T centred = T.Fma(x, x, y * y) < settings.SuccessDistance * settings.SuccessDistance;
        T upright = T.Abs(achieved.RollRate - desired.RollRate) < settings.SuccessRate;
        return settings.Parity == Parity.Source ? centred : centred & upright;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Achieved(in StaticTrackState<T> state, out TrackGoal<T> achieved)
    {
        achieved.X = state.Camera.View.X;
        achieved.Y = state.Camera.View.Y;
        achieved.RollRate = state.Camera.RollRate;
    }
}

/// <summary>Registry row of <c>surgical-static-track</c>.</summary>
public static class StaticTrack
{
    public static LaneDefinition<StaticTrackSettings> Definition { get; } = new("surgical-static-track", typeof(StaticTrackTask<>))
    {
        Summary = "Point a surgical endoscope at a cube and keep its picture upright.",
        AlsoKnownAs = ["StaticTrack-v0"],
        Action = Box.Symmetric(3),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => 0.1f,
        RewardRange = _ => (-1, 0),
        HasSuccess = true,
        InfoBounds = settings => CameraInfo.Bounds(settings.EpisodeSteps, 3),
        GoalReward = (achieved, desired, in settings) => GoalRewards.Of(
            StaticTrackTask<Lane1>.Reached(Goal(achieved), Goal(desired), in settings)),
        ScriptedExpert = CameraExpert.StaticTrack,
        Check = settings => settings.Table.Check(),
    };

    private static TrackGoal<Lane1> Goal(ReadOnlySpan<float> goal)
    {
        TrackGoal<Lane1> made;
        (made.X, made.Y, made.RollRate) = (new(goal[0]), new(goal[1]), new(goal[2]));
        return made;
    }
}
