using System.ComponentModel.DataAnnotations;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Camera;

/// <summary>Configuration of <c>surgical-active-track</c>.</summary>
public record struct ActiveTrackSettings()
{
    /// <summary>Where the target moves on the table.</summary>
    public TableSettings Table { get; init; } = new() { XLow = -0.3f, XHigh = 0.6f };

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 500;

    /// <summary>Samples, of 2000 to a lap, that the target advances in a control step.</summary>
    [Range(0, 1999)] public int SamplesPerStep { get; init; } = 10;

    /// <summary>Camera velocity of a full action, m/s.</summary>
    [Range(1e-5f, 1f)] public float Speed { get; init; } = 0.01f;

    /// <summary>Insertion at the start, m.</summary>
    [Range(0f, 0.254f)] public float StartInsertion { get; init; } = 0.02f;

    /// <summary>Cost of the target's distance from the middle of the picture, per half picture.</summary>
    public float ErrorCost { get; init; } = 0.5f;

    /// <summary>Cost of the rate of the turn upright, s/rad.</summary>
    public float RollCost { get; init; } = 0.1f;

    /// <summary>
    /// Whether, as in the source, every path is entered at its beginning, and the turn upright is damped while the target
    /// is off centre.
    /// </summary>
    public Parity Parity { get; init; } = Parity.Corrected;
}

/// <summary>State of <c>surgical-active-track</c>.</summary>
public struct ActiveTrackState<T> where T : unmanaged, ILane<T>
{
    public TrackingCamera<T> Camera;
    public TargetPath<T> Path;

    /// <summary>The path's sample at which the target is.</summary>
    public T Sample;
}

/// <summary>Observation groups of <c>surgical-active-track</c>.</summary>
public struct ActiveTrackObservation<T> where T : unmanaged, ILane<T>
{
    public TrackingView<T> Observation;
    public CameraInfo<T> Info;
}

/// <summary>Reward terms of <c>surgical-active-track</c>.</summary>
public struct ActiveTrackReward<T> where T : unmanaged, ILane<T>
{
    public T Alive, Error, Roll;
}

/// <summary>
/// Keep a cube that wanders over the table in the middle of the picture, and the picture upright: ActiveTrack of SurRoL.
/// </summary>
public readonly struct ActiveTrackTask<T>
    : ILaneTask<T, ActiveTrackTask<T>, ActiveTrackState<T>, CameraAction<T>, ActiveTrackObservation<T>, ActiveTrackReward<T>, ActiveTrackSettings>
    where T : unmanaged, ILane<T>
{
    private const float LeftLimit = -1.2f, Limit = 1.1f;
    private const int Tries = 8;

    public static void Reset(out ActiveTrackState<T> state, in LaneRandom<T> random, in ActiveTrackSettings settings)
    {
        var draws = random.Stream(RandomStream.Task);
        TargetPath<T>.Draw(ref draws, settings.Table, out state.Path);
        // The source goes one sample on before it shows the first.
        state.Sample = T.Of(1);
        var target = TargetAt(in state.Path, in state.Sample);
        TrackingCamera<T>.RestAt(settings.StartInsertion, in target, out state.Camera);
        if (settings.Parity == Parity.Corrected) StartInView(ref state, ref draws);
    }

    public static void Step(ref ActiveTrackState<T> state, in CameraAction<T> action, in LaneRandom<T> random, in ActiveTrackSettings settings,
        out ActiveTrackReward<T> reward, out StepEnd<T> end)
    {
        state.Camera.Steer(in action, settings.Speed, settings.Parity);
        state.Camera.Arm.Run(CameraArm<T>.LeftAfter34);
        T sample = state.Sample + T.Of(settings.SamplesPerStep);
        state.Sample = T.Select(sample >= TargetPath<T>.Samples, sample - TargetPath<T>.Samples, sample);
        TargetView<T>.Of(in state.Camera.Arm.Eef, TargetAt(in state.Path, in state.Sample), out var view);
        state.Camera.View = view;

        reward.Alive = T.Of(1);
        reward.Error = -settings.ErrorCost * view.Error;
        reward.Roll = -settings.RollCost * T.Abs(state.Camera.RollRate);
        end.Terminated = ~((view.X > LeftLimit) & (view.X < Limit) & (T.Abs(view.Y) < Limit));
        end.Success = (random.Step >= T.Of(settings.EpisodeSteps)) & ~end.Terminated;
    }

    public static void Observe(in ActiveTrackState<T> state, in LaneRandom<T> random, in ActiveTrackSettings settings, out ActiveTrackObservation<T> observation)
    {
        TrackingView<T>.Of(in state.Camera, out observation.Observation);
        observation.Info = state.Camera.Info;
    }

    /// <summary>Where the target is, in the RCM frame, m.</summary>
    private static Vec3<T> TargetAt(in TargetPath<T> path, in T sample)
    {
        path.At(in sample, out T x, out T y);
        return TableSettings.Seen(x, y);
    }

    /// <summary>Enters the path at the first of eight random samples that the camera sees; at the last where it sees none.</summary>
    private static void StartInView(ref ActiveTrackState<T> state, ref Draws<T> draws)
    {
        T found = T.Of(0);
        for (int i = 0; i < Tries; i++)
        {
            T drawn = T.Floor(draws.Unit() * TargetPath<T>.Samples);
            state.Sample = T.Select(found, state.Sample, drawn);
            TargetView<T>.Of(in state.Camera.Arm.Eef, TargetAt(in state.Path, in state.Sample), out state.Camera.View);
            found |= state.Camera.View.InView > 0f;
        }
    }
}

/// <summary>Registry row of <c>surgical-active-track</c>.</summary>
public static class ActiveTrack
{
    public static LaneDefinition<ActiveTrackSettings> Definition { get; } = new("surgical-active-track", typeof(ActiveTrackTask<>))
    {
        Summary = "Follow a moving cube with a surgical endoscope and keep its picture upright.",
        AlsoKnownAs = ["ActiveTrack-v0"],
        Action = Box.Symmetric(3),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => 34f / 240f,
        RewardRange = settings => settings is { ErrorCost: >= 0, RollCost: >= 0 } ? (float.NegativeInfinity, 1) : (float.NegativeInfinity, float.PositiveInfinity),
        HasSuccess = true,
        InfoBounds = settings => CameraInfo.Bounds(settings.EpisodeSteps, 3),
        ScriptedExpert = CameraExpert.ActiveTrack,
        Check = settings => settings.Table.Check(),
    };
}
