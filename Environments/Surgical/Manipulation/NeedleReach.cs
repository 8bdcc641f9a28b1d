using System.ComponentModel.DataAnnotations;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>Configuration of <c>surgical-needle-reach</c>. Lengths are nominal metres.</summary>
public record struct NeedleReachSettings()
{
    /// <summary>World units per metre of the instruments.</summary>
    [Range(1f, 10f)] public float LengthScale { get; init; } = 5;

    public NeedleSettings Needle { get; init; } = new();

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 100_000)] public int EpisodeSteps { get; init; } = 50;

    /// <summary>Where the needle's centre of mass lies in the mean.</summary>
    public LyingPlace Place { get; init; } = new();

    /// <summary>The needle lies within ± this of its mean place, along x and y.</summary>
    [Range(0f, 0.02f)] public float StartSpread { get; init; } = 0.01f;

    /// <summary>How far above the needle's middle the goal is.</summary>
    [Range(0f, 0.05f)] public float GoalHeight { get; init; } = 0.005f;

    /// <summary>Distance from the goal that counts as a success.</summary>
    [Range(0.0005f, 0.05f)] public float SuccessDistance { get; init; } = 0.005f;
}

/// <summary>A place on the pad, nominal metres.</summary>
public record struct LyingPlace()
{
    public float X { get; init; } = 0.55f;

    public float Y { get; init; }
}

/// <summary>State of <c>surgical-needle-reach</c>.</summary>
public struct NeedleReachState<T> where T : unmanaged, ILane<T>
{
    public PsmTool<T> Tool;

    /// <summary>World units.</summary>
    public Vec3<T> Goal;

    /// <summary>Numbers of actions that were clipped.</summary>
    public T Clipped;
}

/// <summary>Observation groups of <c>surgical-needle-reach</c>.</summary>
public struct NeedleReachObservation<T> where T : unmanaged, ILane<T>
{
    public ToolView<T> Observation;
    public Vec3<T> AchievedGoal, DesiredGoal;
    public PlanView<T> Privileged;
    public ManipulationInfo<T> Info;
}

/// <summary>
/// Bring the tip of a closed jaw over a needle: SurRoL's NeedleReach-v0. Nothing is touched, so there is no physics: the
/// needle lies flat, and the arm moves as its motors do.
/// </summary>
public readonly struct NeedleReachTask<T>
    : ILaneTask<T, NeedleReachTask<T>, NeedleReachState<T>, PsmAction<T>, NeedleReachObservation<T>, GoalTerm<T>, NeedleReachSettings>
    where T : unmanaged, ILane<T>
{
    /// <summary>The expert moves 3 mm nominal in a step, and stops at 3 mm from the goal at scale 5.</summary>
    private const float ExpertGain = 0.3f, ExpertStop = 0.003f;

    public static void Reset(out NeedleReachState<T> state, in LaneRandom<T> random, in NeedleReachSettings settings)
    {
        float scale = settings.LengthScale;
        T zero = T.Of(0);
        SingleArm.Start(SingleArm.HighStart, zero, scale, out state.Tool);
        var draws = random.Stream(RandomStream.StartState);
        Frame<T> needle;
        needle.Origin = SingleArm.Scatter(ref draws, settings.Place.X, settings.Place.Y, NeedlePickTask<T>.PadTop + settings.Needle.Wire, settings.StartSpread, scale);
        LaneMath.SinCos(draws.Uniform(-MathF.PI / 2, MathF.PI / 2), out T sin, out T cos);
        needle.Axes = new Rotation<T>(new Vec3<T>(cos, sin, zero), new Vec3<T>(-sin, cos, zero), new Vec3<T>(zero, zero, T.Of(1)));
        NeedleShape.Place(in needle, settings.Needle, NeedleShape.Middle, scale, out var middle);
        state.Goal = middle.Origin;
        state.Goal.Z += T.Of(settings.GoalHeight * scale);
        state.Clipped = zero;
    }

    public static void Step(ref NeedleReachState<T> state, in PsmAction<T> action, in LaneRandom<T> random, in NeedleReachSettings settings,
        out GoalTerm<T> reward, out StepEnd<T> end)
    {
        float scale = settings.LengthScale;
        PsmAction<T>.Clip(in action, out var clipped, out T beyond);
        state.Clipped += beyond;
        clipped.Turn = T.Of(0);
        ToolMotion.Pivot(in state.Tool, SingleArm.Setup, scale, out var pivot);
        ToolMotion.Command(ref state.Tool, SingleArm.Setup, in pivot, in clipped, scale);
        ToolMotion.Advance(ref state.Tool, WorldSettings.ControlSubsteps, T.Of(0));
        ToolMotion.Pivot(in state.Tool, SingleArm.Setup, scale, out pivot);
        T success = GoalRewards.Near(SingleArm.Tip(in pivot, scale), state.Goal, settings.SuccessDistance * scale);
        reward = GoalTerm<T>.Of(success);
        end.Terminated = T.Of(0);
        end.Success = success;
    }

    public static void Observe(in NeedleReachState<T> state, in LaneRandom<T> random, in NeedleReachSettings settings, out NeedleReachObservation<T> observation)
    {
        float scale = settings.LengthScale;
        ToolMotion.Pivot(in state.Tool, SingleArm.Setup, scale, out var pivot);
        ToolView<T>.Of(in state.Tool, in pivot, out observation.Observation);
        var tip = SingleArm.Tip(in pivot, scale);
        observation.AchievedGoal = tip;
        observation.DesiredGoal = state.Goal;
        Advise(in tip, in state.Goal, scale, out observation.Privileged, out observation.Info.RemainingSteps);
        T success = GoalRewards.Near(tip, state.Goal, settings.SuccessDistance * scale);
        observation.Info.Phase = T.Select(success, T.Of(Phases.Done), T.Of(Phases.Approach));
        observation.Info.ClippedActions = state.Clipped;
    }

    /// <summary>SurRoL's oracle: straight ahead, at rest once near.</summary>
    private static void Advise(in Vec3<T> tip, in Vec3<T> goal, float scale, out PlanView<T> view, out T remaining)
    {
        var way = (goal - tip) * T.Of(1 / (ToolMotion.Step * scale));
        T largest = T.Max(T.Max(T.Abs(way.X), T.Abs(way.Y)), T.Abs(way.Z));
        float stop = ExpertStop / ToolMotion.Step;
        T moves = way.LengthSquared >= T.Of(stop * stop);
        // The source divides by 0.01 world units, so its way is cut to a step at a fifth of ours.
        var step = way * (T.Of(ExpertGain) / T.Max(largest, T.Of(0.2f)));
        view.ExpertAction.X = step.X & moves;
        view.ExpertAction.Y = step.Y & moves;
        view.ExpertAction.Z = step.Z & moves;
        view.ExpertAction.Turn = T.Of(0);
        view.ExpertAction.Jaw = T.Of(-0.5f);
        view.PlanStep = T.Of(0);
        remaining = ((largest - T.Of(stop)) * (1 / ExpertGain)) & moves;
    }
}

/// <summary>Registry row of <c>surgical-needle-reach</c>.</summary>
public static class NeedleReach
{
    public static LaneDefinition<NeedleReachSettings> Definition { get; } = new("surgical-needle-reach", typeof(NeedleReachTask<>))
    {
        Summary = "Bring the tip of a da Vinci arm over a suture needle.",
        AlsoKnownAs = ["NeedleReach-v0"],
        Action = Box.Symmetric(5),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => WorldSettings.ControlPeriod,
        RewardRange = _ => (-1, 0),
        HasSuccess = true,
        InfoNames = { [Phases.Field] = Phases.Names },
        ScriptedExpert = PlanExpert.Of,
        GoalReward = (achieved, desired, in settings) => GoalRewards.Of(GoalRewards.Near(GoalRewards.Vector(achieved), GoalRewards.Vector(desired), settings.SuccessDistance * settings.LengthScale)),
        Check = settings => SingleArm.Setup.Box.CheckGoal("place", settings.Place.X, settings.Place.Y, NeedlePickTask<Lane1>.PadTop),
    };
}
