using System.ComponentModel.DataAnnotations;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Batched;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>Pegs, blocks and goals of the peg-transfer tasks. Lengths are nominal metres.</summary>
public record struct PegSettings()
{
    /// <summary>Radius of a peg; the block's hole takes no more than 4.1 mm.</summary>
    [Range(0.0005f, 0.003f)] public float PegRadius { get; init; } = 0.001f;

    /// <summary>Mass of a block, kg.</summary>
    [Range(0.001f, 1f)] public float BlockMass { get; init; } = 0.01f;

    /// <summary>Level distance of block and peg that counts as a success.</summary>
    [Range(0.0005f, 0.02f)] public float SuccessDistance { get; init; } = 0.005f;

    /// <summary>Height of the block's centre above or below the peg's that counts as a success; a block at rest is 3.75 mm below.</summary>
    [Range(0.0005f, 0.02f)] public float SuccessHeight { get; init; } = 0.004f;

    /// <summary>Mask: the block is on its peg.</summary>
    public readonly T Reached<T>(in Vec3<T> achieved, in Vec3<T> goal, float scale) where T : unmanaged, ILane<T>
    {
        T x = achieved.X - goal.X, y = achieved.Y - goal.Y;
        float level = SuccessDistance * scale;
        return (T.Fma(x, x, y * y) < T.Of(level * level)) & (T.Abs(achieved.Z - goal.Z) < T.Of(SuccessHeight * scale));
    }
}

/// <summary>Configuration of <c>surgical-peg-transfer</c>.</summary>
public record struct PegTransferSettings()
{
    public WorldSettings World { get; init; } = new();
    public PegSettings Pegs { get; init; } = new();

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 100_000)] public int EpisodeSteps { get; init; } = 50;

    /// <summary>Blocks on the board, the one to transfer among them.</summary>
    [Range(1, 6)] public int Blocks { get; init; } = 4;
}

/// <summary>
/// Take a block off its peg and put it over another: SurRoL's PegTransfer-v0. The first block is the one to transfer; as
/// stands are drawn it may be on any.
/// </summary>
public readonly struct PegTransferTask<T>
    : ISceneTask<T, PegTransferTask<T>, PickState<T>, PsmAction<T>, PickObservation<T>, GoalTerm<T>, PegTransferSettings>,
        IPickTask<T, PegTransferSettings>
    where T : unmanaged, ILane<T>
{
    /// <summary>The side at which the expert grasps.</summary>
    private const int GraspedSide = 1;

    /// <summary>Height of the waypoints over the block, its tip when it grasps, and by how much a held block must be above the goal to be welded; nominal metres.</summary>
    internal const float CarryHeight = 0.045f, TipHeight = 0.003f, LiftedBy = 0.01f;

    public static int Steps => 6;

    public static int Arms => 1;

    public static PlanTuning Tuning => new(Gain: 0.7f, Tolerance: 2e-3f, TurnTolerance: 2 * MathF.PI / 180);

    public static Graspable Thing => new(new(Gripper.Bodies), new(0), PegBlock.Height / 2);

    public static (int Carry, int Release) HeldSteps => (3, 5);

    public static bool Turns => true;

    public static WorldSettings World(in PegTransferSettings settings) => settings.World;

    public static Scene Build(in PegTransferSettings settings)
    {
        float scale = settings.World.LengthScale;
        var builder = ManipulationScene.Begin(settings.World, arms: 1);
        PegBoard.AddBlocks(builder, settings.Blocks, settings.Pegs.BlockMass, scale);
        PegBoard.Add(builder, settings.Pegs.PegRadius, scale);
        ManipulationScene.MakeGraspable(builder, Thing.Body, arms: 1);
        return builder.Build();
    }

    public static void Reset(out PickState<T> state, in SceneTile<T> scene, in LaneRandom<T> random, in PegTransferSettings settings)
    {
        state = default;
        float scale = settings.World.LengthScale;
        SingleArm.Start(in scene, SingleArm.HighStart, scale, out state.Tool);
        var starts = random.Stream(RandomStream.StartState);
        PegBoard.StandBlocks(in scene, Thing.Body, settings.Blocks, ref starts, scale);
        var goals = random.Stream(RandomStream.Task);
        PegBoard.DrawGoal(ref goals, scale, out state.Goal);
        PickTask<T, PegTransferTask<T>, PegTransferSettings>.Begin(ref state, in scene, in settings);
    }

    public static void Step(ref PickState<T> state, in SceneTile<T> scene, in PsmAction<T> action, in LaneRandom<T> random, in PegTransferSettings settings,
        out GoalTerm<T> reward, out StepEnd<T> end)
        => PickTask<T, PegTransferTask<T>, PegTransferSettings>.Step(ref state, in scene, in action, in settings, out reward, out end);

    public static void Observe(in PickState<T> state, in SceneTile<T> scene, in LaneRandom<T> random, in PegTransferSettings settings, out PickObservation<T> observation)
        => PickTask<T, PegTransferTask<T>, PegTransferSettings>.Observe(in state, in scene, in settings, out observation);

    public static void Place(in Frame<T> body, in PegTransferSettings settings, out Frame<T> place)
        => PegBlock.Place(in body, GraspedSide, settings.World.LengthScale, out place);

    public static Vec3<T> Achieved(in Frame<T> body, in Frame<T> place) => body.Origin;

    public static T Lifted(in PickState<T> state, in Frame<T> body, in Frame<T> place, in PegTransferSettings settings)
        => body.Origin.Z > state.Goal.Z + T.Of(LiftedBy * settings.World.LengthScale);

    public static T Reached(in Vec3<T> achieved, in Vec3<T> goal, in PegTransferSettings settings)
        => settings.Pegs.Reached(in achieved, in goal, settings.World.LengthScale);

    /// <summary>Above the wall, down, close, up, over the goal's peg, open.</summary>
    public static void Waypoint(in PickState<T> state, int arm, in T step, float scale, out PlanStep<T> waypoint)
    {
        T low = (step >= T.Of(1)) & (step < T.Of(3)), over = step >= T.Of(4);
        var away = new Vec3<T>(state.Goal.X - state.Origin.X, state.Goal.Y - state.Origin.Y, T.Of(0));
        waypoint.Position = Vec3<T>.Select(over, state.Anchor + away, state.Anchor);
        waypoint.Position.Z += T.Select(low, T.Of((TipHeight + PsmArm.TipLength) * scale), T.Of(CarryHeight * scale));
        waypoint.Turn = state.AnchorTurn;
        waypoint.Jaw = T.Select((step < T.Of(2)) | (step >= T.Of(5)), T.Of(0.5f), T.Of(-0.5f));
    }
}

/// <summary>Registry row of <c>surgical-peg-transfer</c>.</summary>
public static class PegTransfer
{
    public static LaneDefinition<PegTransferSettings> Definition { get; } = new("surgical-peg-transfer", typeof(PegTransferTask<>))
    {
        Summary = "Take a block off its peg with a da Vinci arm and put it over another.",
        AlsoKnownAs = ["PegTransfer-v0"],
        Action = Box.Symmetric(5),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => WorldSettings.ControlPeriod,
        RewardRange = _ => (-1, 0),
        HasSuccess = true,
        InfoNames = { [Phases.Field] = Phases.Names },
        ScriptedExpert = PlanExpert.Of,
        GoalReward = (achieved, desired, in settings) => GoalRewards.Of(PegTransferTask<Lane1>.Reached(GoalRewards.Vector(achieved), GoalRewards.Vector(desired), in settings)),
        Check = settings => settings.World.Check(),
    };
}
