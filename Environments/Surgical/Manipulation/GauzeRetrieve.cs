using System.ComponentModel.DataAnnotations;
using System.Numerics;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Batched;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>Configuration of <c>surgical-gauze-retrieve</c>. Lengths are nominal metres.</summary>
public record struct GauzeRetrieveSettings()
{
    public WorldSettings World { get; init; } = new();
    public CarryGoalSettings Goal { get; init; } = new() { Z = 0.7252f, Spread = 0.02f };

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 100_000)] public int EpisodeSteps { get; init; } = 50;

    /// <summary>Mass of the gauze, kg.</summary>
    [Range(0.001f, 0.5f)] public float GauzeMass { get; init; } = 0.05f;

    /// <summary>Width of the gauze between the fingers; an open jaw takes no more than 7 mm.</summary>
    [Range(0.0005f, 0.006f)] public float GauzeWidth { get; init; } = 0.002f;

    /// <summary>The gauze starts within ± this of the middle of the workspace, along x and y.</summary>
    [Range(0f, 0.02f)] public float StartSpread { get; init; } = 0.01f;
}

/// <summary>Pick up a (rigid) piece of gauze from a tray and carry it to a place: SurRoL's GauzeRetrieve-v0.</summary>
public readonly struct GauzeRetrieveTask<T>
    : ISceneTask<T, GauzeRetrieveTask<T>, PickState<T>, PsmAction<T>, PickObservation<T>, GoalTerm<T>, GauzeRetrieveSettings>,
        IPickTask<T, GauzeRetrieveSettings>
    where T : unmanaged, ILane<T>
{
    /// <summary>Top of the tray's floor, and the gauze along the fingers and upwards; nominal metres.</summary>
    private const float TrayTop = 0.6781f + (0.000362f / 2), Length = 0.004f, Height = 0.003f;

    /// <summary>Height above its start at which a held gauze is welded, nominal metres.</summary>
    private const float LiftedBy = 0.0025f;

    public static int Steps => 5;

    public static int Arms => 1;

    /// <summary>The tool does not turn, so that its angle is never waited for.</summary>
    public static PlanTuning Tuning => new(Gain: 0.6f, Tolerance: 1e-4f, TurnTolerance: MathF.PI, TurnLimit: 0);

    public static Graspable Thing => new(new(Gripper.Bodies + 1), new(0));

    public static (int Carry, int Release) HeldSteps => (3, Steps + 1);

    public static bool Turns => false;

    public static WorldSettings World(in GauzeRetrieveSettings settings) => settings.World;

    public static Scene Build(in GauzeRetrieveSettings settings)
    {
        float scale = settings.World.LengthScale;
        var builder = ManipulationScene.Begin(settings.World, arms: 1);
        builder.AddStatic("tray", Shape.Plane(), new Vector3(0, 0, TrayTop * scale), ManipulationScene.Surface);
        var gauze = builder.AddDynamic("gauze", Shape.Box(Length * scale, settings.GauzeWidth * scale, Height * scale), settings.GauzeMass, new Vector3(0.55f, 0, 0.7f) * scale, ManipulationScene.Surface);
        ManipulationScene.MakeGraspable(builder, gauze, arms: 1);
        return builder.Build();
    }

    public static void Reset(out PickState<T> state, in SceneTile<T> scene, in LaneRandom<T> random, in GauzeRetrieveSettings settings)
    {
        state = default;
        float scale = settings.World.LengthScale;
        SingleArm.Start(in scene, SingleArm.LowStart, scale, out state.Tool);
        var starts = random.Stream(RandomStream.StartState);
        var position = SingleArm.Scatter(ref starts, SingleArm.Setup.Box.CentreX, SingleArm.Setup.Box.CentreY, TrayTop + (Height / 2), settings.StartSpread, scale);
        scene.Place(Thing.Body, in position, BodyFrames.Upright(T.Of(0)));
        var goals = random.Stream(RandomStream.Task);
        settings.Goal.Draw(ref goals, scale, out state.Goal);
        PickTask<T, GauzeRetrieveTask<T>, GauzeRetrieveSettings>.Begin(ref state, in scene, in settings);
    }

    public static void Step(ref PickState<T> state, in SceneTile<T> scene, in PsmAction<T> action, in LaneRandom<T> random, in GauzeRetrieveSettings settings,
        out GoalTerm<T> reward, out StepEnd<T> end)
        => PickTask<T, GauzeRetrieveTask<T>, GauzeRetrieveSettings>.Step(ref state, in scene, in action, in settings, out reward, out end);

    public static void Observe(in PickState<T> state, in SceneTile<T> scene, in LaneRandom<T> random, in GauzeRetrieveSettings settings, out PickObservation<T> observation)
        => PickTask<T, GauzeRetrieveTask<T>, GauzeRetrieveSettings>.Observe(in state, in scene, in settings, out observation);

    public static void Place(in Frame<T> body, in GauzeRetrieveSettings settings, out Frame<T> place) => place = body;

    public static Vec3<T> Achieved(in Frame<T> body, in Frame<T> place) => body.Origin;

    public static T Lifted(in PickState<T> state, in Frame<T> body, in Frame<T> place, in GauzeRetrieveSettings settings)
        => body.Origin.Z > T.Of((TrayTop + (Height / 2) + LiftedBy) * settings.World.LengthScale);

    public static T Reached(in Vec3<T> achieved, in Vec3<T> goal, in GauzeRetrieveSettings settings)
        => settings.Goal.Reached(in achieved, in goal, settings.World.LengthScale);

    /// <summary>Above the gauze, down, close, up; then to the goal.</summary>
    public static void Waypoint(in PickState<T> state, int arm, in T step, float scale, out PlanStep<T> waypoint)
    {
        T carried = step >= T.Of(4), up = (step < T.Of(1)) | (step >= T.Of(3));
        T height = T.Of(SingleArm.GraspHeight * scale) + (T.Of(SingleArm.Above * scale) & up);
        waypoint.Position = Vec3<T>.Select(carried, state.Goal, state.Anchor);
        waypoint.Position.Z += T.Select(carried, T.Of(PsmArm.TipLength * scale), height);
        waypoint.Turn = state.AnchorTurn;
        waypoint.Jaw = T.Select(step < T.Of(2), T.Of(0.5f), T.Of(-0.5f));
    }
}

/// <summary>Registry row of <c>surgical-gauze-retrieve</c>.</summary>
public static class GauzeRetrieve
{
    public static LaneDefinition<GauzeRetrieveSettings> Definition { get; } = new("surgical-gauze-retrieve", typeof(GauzeRetrieveTask<>))
    {
        Summary = "Pick up a piece of gauze with a da Vinci arm and carry it to a place.",
        AlsoKnownAs = ["GauzeRetrieve-v0"],
        Action = Box.Symmetric(5),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => WorldSettings.ControlPeriod,
        RewardRange = _ => (-1, 0),
        HasSuccess = true,
        InfoNames = { [Phases.Field] = Phases.Names },
        ScriptedExpert = PlanExpert.Of,
        GoalReward = (achieved, desired, in settings) => GoalRewards.Of(GauzeRetrieveTask<Lane1>.Reached(GoalRewards.Vector(achieved), GoalRewards.Vector(desired), in settings)),
        Check = settings =>
        {
            settings.World.Check();
            SingleArm.Setup.Box.CheckGoal("goal", settings.Goal.X, settings.Goal.Y, settings.Goal.Z);
        },
    };
}
