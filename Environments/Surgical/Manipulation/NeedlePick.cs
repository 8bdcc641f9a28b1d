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
    public CarryGoalSettings Goal { get; init; } = new();
    public NeedleSettings Needle { get; init; } = new();

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 100_000)] public int EpisodeSteps { get; init; } = 50;

    /// <summary>The needle's centre of mass starts within ± this of the middle of the workspace, along x and y.</summary>
    [Range(0f, 0.02f)] public float StartSpread { get; init; } = 0.01f;
}

/// <summary>Pick up a needle from a pad and carry it to a place: SurRoL's NeedlePick-v0.</summary>
public readonly struct NeedlePickTask<T>
    : ISceneTask<T, NeedlePickTask<T>, PickState<T>, PsmAction<T>, PickObservation<T>, GoalTerm<T>, NeedlePickSettings>,
        IPickTask<T, NeedlePickSettings>
    where T : unmanaged, ILane<T>
{
    /// <summary>Top of the pad on which the needle lies, nominal metres.</summary>
    internal const float PadTop = 0.6813f;

    /// <summary>Height above its start at which a held needle is welded, nominal metres.</summary>
    private const float LiftedBy = 0.005f;

    public static int Steps => 4;

    public static int Arms => 1;

    public static PlanTuning Tuning => new(Gain: 0.4f, Tolerance: 1e-4f, TurnTolerance: 1e-2f);

    public static Graspable Thing => new(new(Gripper.Bodies + 1), new(0));

    public static (int Carry, int Release) HeldSteps => (3, Steps + 1);

    public static bool Turns => true;

    public static WorldSettings World(in NeedlePickSettings settings) => settings.World;

    public static Scene Build(in NeedlePickSettings settings)
    {
        float scale = settings.World.LengthScale;
        var builder = ManipulationScene.Begin(settings.World, arms: 1);
        builder.AddStatic("pad", Shape.Plane(), new Vector3(0, 0, PadTop * scale), ManipulationScene.Surface);
        var needle = builder.AddDynamic("needle", NeedleShape.Of(settings.Needle, scale), settings.Needle.Mass, new Vector3(0.55f, 0, 0.7f) * scale, ManipulationScene.Surface);
        ManipulationScene.MakeGraspable(builder, needle, arms: 1);
        return builder.Build();
    }

    public static void Reset(out PickState<T> state, in SceneTile<T> scene, in LaneRandom<T> random, in NeedlePickSettings settings)
    {
        state = default;
        float scale = settings.World.LengthScale;
        SingleArm.Start(in scene, SingleArm.LowStart, scale, out state.Tool);
        var starts = random.Stream(RandomStream.StartState);
        var position = SingleArm.Scatter(ref starts, SingleArm.Setup.Box.CentreX, SingleArm.Setup.Box.CentreY, PadTop + settings.Needle.Wire, settings.StartSpread, scale);
        scene.Place(Thing.Body, in position, BodyFrames.Upright(starts.Uniform(-MathF.PI / 2, MathF.PI / 2)));
        var goals = random.Stream(RandomStream.Task);
        settings.Goal.Draw(ref goals, scale, out state.Goal);
        PickTask<T, NeedlePickTask<T>, NeedlePickSettings>.Begin(ref state, in scene, in settings);
    }

    public static void Step(ref PickState<T> state, in SceneTile<T> scene, in PsmAction<T> action, in LaneRandom<T> random, in NeedlePickSettings settings,
        out GoalTerm<T> reward, out StepEnd<T> end)
        => PickTask<T, NeedlePickTask<T>, NeedlePickSettings>.Step(ref state, in scene, in action, in settings, out reward, out end);

    public static void Observe(in PickState<T> state, in SceneTile<T> scene, in LaneRandom<T> random, in NeedlePickSettings settings, out PickObservation<T> observation)
        => PickTask<T, NeedlePickTask<T>, NeedlePickSettings>.Observe(in state, in scene, in settings, out observation);

    public static void Place(in Frame<T> body, in NeedlePickSettings settings, out Frame<T> place)
        => NeedleShape.Place(in body, settings.Needle, NeedleShape.Middle, settings.World.LengthScale, out place);

    public static Vec3<T> Achieved(in Frame<T> body, in Frame<T> place) => place.Origin;

    public static T Lifted(in PickState<T> state, in Frame<T> body, in Frame<T> place, in NeedlePickSettings settings)
        => place.Origin.Z > T.Of((PadTop + settings.Needle.Wire + LiftedBy) * settings.World.LengthScale);

    public static T Reached(in Vec3<T> achieved, in Vec3<T> goal, in NeedlePickSettings settings)
        => settings.Goal.Reached(in achieved, in goal, settings.World.LengthScale);

    /// <summary>Above the needle, down, close; then to the goal.</summary>
    public static void Waypoint(in PickState<T> state, int arm, in T step, float scale, out PlanStep<T> waypoint)
    {
        T carried = step >= T.Of(3);
        T height = T.Of(SingleArm.GraspHeight * scale) + (T.Of(SingleArm.Above * scale) & (step < T.Of(1)));
        waypoint.Position = Vec3<T>.Select(carried, state.Goal, state.Anchor);
        waypoint.Position.Z += T.Select(carried, T.Of(PsmArm.TipLength * scale), height);
        waypoint.Turn = state.AnchorTurn;
        waypoint.Jaw = T.Select(step < T.Of(2), T.Of(0.5f), T.Of(-0.5f));
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
        ControlPeriod = _ => WorldSettings.ControlPeriod,
        RewardRange = _ => (-1, 0),
        HasSuccess = true,
        InfoNames = { [Phases.Field] = Phases.Names },
        ScriptedExpert = PlanExpert.Of,
        GoalReward = (achieved, desired, in settings) => GoalRewards.Of(NeedlePickTask<Lane1>.Reached(GoalRewards.Vector(achieved), GoalRewards.Vector(desired), in settings)),
        Check = settings =>
        {
            settings.World.Check();
            SingleArm.Setup.Box.CheckGoal("goal", settings.Goal.X, settings.Goal.Y, settings.Goal.Z);
        },
    };
}
