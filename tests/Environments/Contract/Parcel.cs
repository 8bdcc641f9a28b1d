using System.ComponentModel.DataAnnotations;
using Sim.Environments;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Tests.Environments.Contract;

/// <summary>Of <see cref="Parcel"/>.</summary>
public record struct ParcelSettings()
{
    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 60;

    /// <summary>Control steps that loading takes.</summary>
    [Range(1, 100)] public int LoadingSteps { get; init; } = 5;
}

/// <summary>Of <see cref="Parcel"/>: places in metres, <c>Loading</c> in control steps spent at the parcel.</summary>
public struct ParcelState<T> where T : unmanaged, ILane<T> { public T Position, Parcel, Loading; }

/// <summary>Of <see cref="Parcel"/>.</summary>
public struct ParcelAction<T> where T : unmanaged, ILane<T> { public T Velocity; }

/// <summary>Of <see cref="Parcel"/>: what is seen does not tell whether the parcel is loaded.</summary>
public struct ParcelView<T> where T : unmanaged, ILane<T> { public T Position, Parcel; }

/// <summary>Of <see cref="Parcel"/>.</summary>
public struct ParcelPrivileged<T> where T : unmanaged, ILane<T> { public T Loading; }

/// <summary>Of <see cref="Parcel"/>: info outputs.</summary>
public struct ParcelInfo<T> where T : unmanaged, ILane<T> { public T Phase, RemainingSteps; }

/// <summary>Of <see cref="Parcel"/>.</summary>
public struct ParcelObservation<T> where T : unmanaged, ILane<T>
{
    public ParcelView<T> Observation;
    public ParcelPrivileged<T> Privileged;
    public ParcelInfo<T> Info;
}

/// <summary>Of <see cref="Parcel"/>.</summary>
public struct ParcelReward<T> where T : unmanaged, ILane<T> { public T Time, Delivery; }

/// <summary>Of <see cref="Parcel"/>.</summary>
public readonly struct ParcelTask<T>
    : ILaneTask<T, ParcelTask<T>, ParcelState<T>, ParcelAction<T>, ParcelObservation<T>, ParcelReward<T>, ParcelSettings>
    where T : unmanaged, ILane<T>
{
    public static void Reset(out ParcelState<T> state, in LaneRandom<T> random, in ParcelSettings settings)
    {
        var draws = random.Stream(RandomStream.StartState);
        state.Position = T.Of(0);
        T place = draws.Uniform(-1.5f, 1.5f);
        state.Parcel = place + T.Select(place < 0f, T.Of(-0.5f), T.Of(0.5f));
        state.Loading = T.Of(0);
    }

    public static void Step(ref ParcelState<T> state, in ParcelAction<T> action, in LaneRandom<T> random,
        in ParcelSettings settings, out ParcelReward<T> reward, out StepEnd<T> end)
    {
        state.Position += Parcel.Stride * Clamp(action.Velocity, 1);
        T loaded = state.Loading >= settings.LoadingSteps;
        T there = T.Abs(state.Position - state.Parcel) < Parcel.Reach;
        state.Parcel = T.Select(loaded, state.Position, state.Parcel);
        state.Loading = T.Select(loaded, state.Loading, T.Select(there, state.Loading + 1f, T.Of(0)));
        end.Terminated = loaded & (T.Abs(state.Position) < Parcel.Reach);
        end.Success = end.Terminated;
        reward.Time = T.Of(-0.01f);
        reward.Delivery = T.Select(end.Terminated, T.Of(1), T.Of(0));
    }

    public static void Observe(in ParcelState<T> state, in LaneRandom<T> random, in ParcelSettings settings, out ParcelObservation<T> observation)
    {
        observation.Observation.Position = state.Position;
        observation.Observation.Parcel = state.Parcel;
        observation.Privileged.Loading = state.Loading;
        T loading = state.Loading > 0f, loaded = state.Loading >= settings.LoadingSteps;
        observation.Info.Phase = T.Select(loaded, T.Of(2), T.Select(loading, T.Of(1), T.Of(0)));
        T home = T.Abs(state.Parcel) / Parcel.Stride;
        T left = T.Of(settings.LoadingSteps) - state.Loading + home;
        T away = T.Abs(state.Parcel - state.Position) / Parcel.Stride;
        observation.Info.RemainingSteps = T.Select(loaded, home, T.Select(loading, left, left + away));
    }
}

/// <summary>Fetch a parcel on a line: drive there, load it by standing still, bring it home. A task with phases.</summary>
public static class Parcel
{
    /// <summary>Metres of one step at full speed.</summary>
    public const float Stride = 0.1f;

    /// <summary>Metres from which a place counts as reached: a little more than half a stride.</summary>
    public const float Reach = 0.06f;

    public static LaneDefinition<ParcelSettings> Definition { get; } = new("parcel", typeof(ParcelTask<>))
    {
        Summary = "Fetch a parcel.",
        Action = Box.Symmetric(1),
        InfoNames = { ["phase"] = ["approach", "load", "return"] },
        InfoBounds = _ => new Dictionary<string, (float, float)> { ["remaining_steps"] = (0, float.PositiveInfinity) },
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => 0.1f,
        RewardRange = _ => (-0.01f, 1),
        HasSuccess = true,
        ScriptedExpert = environments => new ParcelExpert(((ParcelSettings)environments.Spec.Settings).LoadingSteps),
    };
}

/// <summary>Drives to the parcel, waits, drives home.</summary>
public sealed class ParcelExpert(int loadingSteps) : IActor
{
    public void Act(BatchEnvironment environments)
    {
        for (int lane = 0; lane < environments.Count; lane++)
        {
            var seen = environments.Observations.Row(lane);
            float goal = environments.Privileged!.Current.Row(lane)[0] >= loadingSteps ? 0 : seen[1];
            environments.Actions[lane] = Math.Clamp((goal - seen[0]) / Parcel.Stride, -1, 1);
        }
    }

    public void Dispose()
    {
    }
}
