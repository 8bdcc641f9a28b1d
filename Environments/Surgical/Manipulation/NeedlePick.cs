using System.ComponentModel.DataAnnotations;
using System.Numerics;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Batched;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>Configuration of <c>surgical-needle-pick</c>. Lengths are nominal metres.</summary>
public record struct NeedlePickSettings()
{
    public WorldSettings World { get; init; } = new();
    public NeedleSettings Needle { get; init; } = new();

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 100_000)] public int EpisodeSteps { get; init; } = 50;

    /// <summary>The needle's centre of mass starts within ± this of the middle of the workspace, along x and y.</summary>
    [Range(0f, 0.02f)] public float StartSpread { get; init; } = 0.01f;

    /// <summary>Mean of the goals, where the middle of the needle is to be.</summary>
    public float GoalX { get; init; } = 0.55f;

    /// <inheritdoc cref="GoalX"/>
    public float GoalY { get; init; }

    /// <inheritdoc cref="GoalX"/>
    public float GoalZ { get; init; } = 0.7152f;

    /// <summary>Standard deviation of the goals along x and y.</summary>
    [Range(0f, 0.05f)] public float GoalSpread { get; init; } = 0.01f;

    /// <summary>Distance from the goal that counts as a success.</summary>
    [Range(0.0005f, 0.05f)] public float SuccessDistance { get; init; } = 0.005f;
}

/// <summary>State of <c>surgical-needle-pick</c> beside its world.</summary>
public struct NeedlePickState<T> where T : unmanaged, ILane<T>
{
    public PsmTool<T> Tool;
    public Grasp<T> Grasp;
    public Vec3<T> Goal;

    /// <summary>How far the plan is, and where the middle of the needle was, and how it was turned, when the plan began.</summary>
    public T PlanStep;

    public Vec3<T> Anchor;
    public T AnchorTurn;

    /// <summary>Numbers of actions that were clipped.</summary>
    public T Clipped;
}

/// <summary>Observation groups of the tasks with one arm and one thing.</summary>
public struct ObjectObservation<T> where T : unmanaged, ILane<T>
{
    public ObjectView<T> Observation;
    public Vec3<T> AchievedGoal, DesiredGoal;
    public PlanView<T> Privileged;
    public ManipulationInfo<T> Info;
}

/// <summary>Pick up a needle from a pad and carry it to a place: SurRoL's NeedlePick-v0.</summary>
public readonly struct NeedlePickTask<T>
    : ISceneTask<T, NeedlePickTask<T>, NeedlePickState<T>, PsmAction<T>, ObjectObservation<T>, GoalTerm<T>, NeedlePickSettings>,
        IToolPlan<T, NeedlePickState<T>>
    where T : unmanaged, ILane<T>
{
    /// <summary>Top of the pad on which the needle lies, nominal metres.</summary>
    internal const float PadTop = 0.6813f;

    /// <summary>Height above its start at which a held needle is welded, nominal metres.</summary>
    private const float LiftedBy = 0.005f;

    /// <summary>The step of the plan in which the needle is held.</summary>
    private const int Carry = 3;

    private static readonly Vector3 s_start = new(0.5f, 0.05f, 0.7202f);

    public static int Steps => 4;

    public static int Arms => 1;

    public static PlanTuning Tuning => new(Gain: 0.4f, Tolerance: 1e-4f, TurnTolerance: 1e-2f);

    private static ArmSetup Arm => SingleArm.Setup;

    private static Gripper Gripper => Gripper.Of(0);

    private static Graspable Needle => new(new(Gripper.Bodies + 1), new(0));

    public static Scene Build(in NeedlePickSettings settings)
    {
        float scale = settings.World.LengthScale;
        var builder = ManipulationScene.Begin(settings.World, arms: 1);
        builder.AddStatic("pad", Shape.Plane(), new Vector3(0, 0, PadTop * scale), ManipulationScene.Surface);
        var needle = builder.AddDynamic("needle", NeedleShape.Of(settings.Needle, scale), settings.Needle.Mass, new Vector3(0.55f, 0, 0.7f) * scale, ManipulationScene.Surface);
        ManipulationScene.Weld(builder, needle, arms: 1);
        return builder.Build();
    }

    public static void Reset(out NeedlePickState<T> state, in SceneTile<T> scene, in LaneRandom<T> random, in NeedlePickSettings settings)
    {
        float scale = settings.World.LengthScale;
        SingleArm.Start(in scene, s_start, scale, out state.Tool);
        var starts = random.Stream(RandomStream.StartState);
        float spread = settings.StartSpread;
        var position = new Vec3<T>(starts.Uniform(-spread, spread) + Arm.Box.CentreX, starts.Uniform(-spread, spread) + Arm.Box.CentreY, T.Of(PadTop + settings.Needle.Wire)) * T.Of(scale);
        T turn = starts.Uniform(-MathF.PI / 2, MathF.PI / 2), zero = T.Of(0);
        LaneMath.SinCos(turn * 0.5f, out T sin, out T cos);
        scene.Place(Needle.Body, in position, new Quat<T>(zero, zero, sin, cos));

        var goals = random.Stream(RandomStream.Task);
        state.Goal = new Vec3<T>((goals.Normal() * settings.GoalSpread) + settings.GoalX, (goals.Normal() * settings.GoalSpread) + settings.GoalY, T.Of(settings.GoalZ)) * T.Of(scale);
        state.Grasp.Holder = zero;
        state.Clipped = zero;
        state.PlanStep = zero;
        state.Anchor = Vec3<T>.Zero;
        state.AnchorTurn = zero;
        Middle(in scene, in settings, out var middle);
        BeginPlan(ref state, in middle, in settings, ~zero);
    }

    public static void Step(ref NeedlePickState<T> state, in SceneTile<T> scene, in PsmAction<T> action, in LaneRandom<T> random, in NeedlePickSettings settings,
        out GoalTerm<T> reward, out StepEnd<T> end)
    {
        PsmAction<T>.Clip(in action, out var clipped, out T beyond);
        state.Clipped += beyond;
        Middle(in scene, in settings, out var middle);
        T reached = SingleArm.Act<T, NeedlePickTask<T>, NeedlePickState<T>>(in state, ref state.Tool, ref state.Grasp, state.PlanStep, in scene, in clipped, Needle, in middle.Origin, settings.World);
        SingleArm.Move(ref state.Tool, in scene, [Needle.Body], settings.World);

        Middle(in scene, in settings, out middle);
        float scale = settings.World.LengthScale;
        T lifted = middle.Origin.Z > T.Of((PadTop + settings.Needle.Wire + LiftedBy) * scale);
        Grasping.Settle(ref state.Grasp, in scene, Gripper, Needle, 0, in lifted, settings.World);

        state.PlanStep += reached & T.Of(1) & (state.PlanStep < T.Of(Steps));
        T held = state.Grasp.Held;
        state.PlanStep = T.Select(held, T.Max(state.PlanStep, T.Of(Carry)), state.PlanStep);
        BeginPlan(ref state, in middle, in settings, (state.PlanStep > T.Of(Carry)) & ~held);

        T success = GoalRewards.Near(middle.Origin, state.Goal, settings.SuccessDistance * scale);
        reward = GoalTerm<T>.Of(success);
        end.Terminated = T.Of(0);
        end.Success = success;
    }

    public static void Observe(in NeedlePickState<T> state, in SceneTile<T> scene, in LaneRandom<T> random, in NeedlePickSettings settings, out ObjectObservation<T> observation)
    {
        float scale = settings.World.LengthScale;
        ToolMotion.Pivot(in state.Tool, Arm, scale, out var pivot);
        Middle(in scene, in settings, out var middle);
        scene.Position(Needle.Body, out var thing);
        ObjectView<T>.Of(in state.Tool, in pivot, in thing, in middle, out observation.Observation);
        observation.AchievedGoal = middle.Origin;
        observation.DesiredGoal = state.Goal;
        SingleArm.Plan<T, NeedlePickTask<T>, NeedlePickState<T>>(in state, state.PlanStep, in pivot, scale, out observation.Privileged, out observation.Info.RemainingSteps);
        observation.Info.ClippedActions = state.Clipped;
        T success = GoalRewards.Near(middle.Origin, state.Goal, settings.SuccessDistance * scale);
        observation.Info.Phase = SingleArm.Phase(in state.Tool, in state.Grasp, in pivot, in middle.Origin, scene.Attached(Needle.Weld(0)), success, scale);
    }

    public static void Waypoint(in NeedlePickState<T> state, int arm, in T step, float scale, out PlanStep<T> waypoint)
    {
        T down = T.Of((PsmArm.TipLength - 0.0007f) * scale), carried = step >= T.Of(Carry);
        T above = T.Select(step < T.Of(1), down + T.Of(0.005f * scale), down);
        waypoint.Position = Vec3<T>.Select(carried, state.Goal, state.Anchor);
        waypoint.Position.Z += T.Select(carried, T.Of(PsmArm.TipLength * scale), above);
        waypoint.Turn = state.AnchorTurn;
        waypoint.Jaw = T.Select(step < T.Of(2), T.Of(0.5f), T.Of(-0.5f));
    }

    private static void Middle(in SceneTile<T> scene, in NeedlePickSettings settings, out Frame<T> middle)
    {
        BodyFrames.Of(in scene, Needle.Body, out var body);
        NeedleShape.Place(in body, settings.Needle, NeedleShape.Middle, settings.World.LengthScale, out middle);
    }

    /// <summary>Starts the plan where the needle is now, in the masked lanes.</summary>
    private static void BeginPlan(ref NeedlePickState<T> state, in Frame<T> middle, in NeedlePickSettings settings, in T mask)
    {
        ToolMotion.Pivot(in state.Tool, Arm, settings.World.LengthScale, out var pivot);
        ToolMotion.Turn(in pivot, Arm.Mode, out T turn);
        state.PlanStep = T.Select(mask, T.Of(0), state.PlanStep);
        state.Anchor = Vec3<T>.Select(mask, middle.Origin, state.Anchor);
        state.AnchorTurn = T.Select(mask, SingleArm.NearestTurn(BodyFrames.Heading(in middle), turn), state.AnchorTurn);
    }
}

/// <summary>Registry row of <c>surgical-needle-pick</c>.</summary>
public static class NeedlePick
{
    public static LaneDefinition<NeedlePickSettings> Definition { get; } = new("surgical-needle-pick", typeof(NeedlePickTask<>))
    {
        Summary = "Pick up a suture needle with a da Vinci arm and carry it to a place.",
        AlsoKnownAs = ["NeedlePick-v0"],
        Action = Box.Symmetric(5),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => WorldSettings.ControlSubsteps * WorldSettings.Substep,
        RewardRange = _ => (-1, 0),
        HasSuccess = true,
        InfoNames = { [Phases.Field] = Phases.Names },
        ScriptedExpert = PlanExpert.Of,
        GoalReward = (achieved, desired, in settings) => GoalRewards.Sphere(achieved, desired, settings.World.Scaled(settings.SuccessDistance)),
        Check = settings =>
        {
            settings.World.Check();
            SingleArm.Setup.Box.CheckGoal("goal", settings.GoalX, settings.GoalY, settings.GoalZ);
        },
    };
}
