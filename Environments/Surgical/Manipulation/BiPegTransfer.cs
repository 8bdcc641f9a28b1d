using System.ComponentModel.DataAnnotations;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Batched;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>Configuration of <c>surgical-bi-peg-transfer</c>.</summary>
public record struct BiPegTransferSettings()
{
    public WorldSettings World { get; init; } = new();
    public PegSettings Pegs { get; init; } = new();

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 100_000)] public int EpisodeSteps { get; init; } = 50;

    /// <summary>Blocks on the board, the one to transfer among them.</summary>
    [Range(1, 6)] public int Blocks { get; init; } = 6;
}

/// <summary>
/// PSM2 takes a block off its peg and hands it to PSM1 in the air, which puts it over another: SurRoL's
/// BiPegTransfer-v0.
/// </summary>
public readonly struct BiPegTransferTask<T>
    : ISceneTask<T, BiPegTransferTask<T>, TwoArmState<T>, TwoPsmActions<T>, TwoArmObservation<T>, GoalTerm<T>, BiPegTransferSettings>,
        ITwoArmTask<T, BiPegTransferSettings>
    where T : unmanaged, ILane<T>
{
    /// <summary>Height over the block at which it is handed over, and by how much more an arm waits; nominal metres.</summary>
    private const float MeetHeight = 0.043f, WaitHeight = 0.01f;

    /// <summary>The steps of the plan, counted from 0, at which PSM2 has the block, PSM1 closes, PSM2 opens and PSM1 opens.</summary>
    private const int Lift = 3, Meet = 6, HandOver = 7, LetGo = 10;

    public static int Steps => 11;

    public static int Arms => 2;

    public static PlanTuning Tuning => new(Gain: 0.7f, Tolerance: 2e-3f, TurnTolerance: 2 * MathF.PI / 180, TurnLimit: 1);

    public static ArmSetup Psm1 => new(ArmMount.Psm1, new Workspace(0.50f, 0.60f, 0, 0.05f, 0.686f, 0.745f), TurnMode.Yaw, MathF.PI / 6);

    public static ArmSetup Psm2 => new(ArmMount.Psm2, new Workspace(0.50f, 0.60f, -0.05f, 0, 0.686f, 0.745f), TurnMode.Yaw, MathF.PI / 6);

    public static Graspable Thing => new(new(2 * Gripper.Bodies), new(0), PegBlock.Height / 2);

    public static (float Psm1, float Psm2) RestingJaws => (0, 0);

    public static WorldSettings World(in BiPegTransferSettings settings) => settings.World;

    public static Scene Build(in BiPegTransferSettings settings)
    {
        float scale = settings.World.LengthScale;
        var builder = ManipulationScene.Begin(settings.World, arms: 2);
        PegBoard.AddBlocks(builder, settings.Blocks, settings.Pegs.BlockMass, scale);
        PegBoard.Add(builder, settings.Pegs.PegRadius, scale);
        ManipulationScene.MakeGraspable(builder, Thing.Body, arms: 2);
        return builder.Build();
    }

    public static void Reset(out TwoArmState<T> state, in SceneTile<T> scene, in LaneRandom<T> random, in BiPegTransferSettings settings)
    {
        state = default;
        float scale = settings.World.LengthScale;
        T open = T.Of(ToolMotion.Open);
        var high = SingleArm.HighStart;
        ToolMotion.Start(Psm1, SingleArm.Scaled<T>(high, scale), T.Of(MathF.PI / 2), open, scale, out state.Psm1);
        ToolMotion.Start(Psm2, SingleArm.Scaled<T>(high with { Y = -high.Y }, scale), T.Of(MathF.PI / 2), open, scale, out state.Psm2);
        var starts = random.Stream(RandomStream.StartState);
        PegBoard.StandBlocks(in scene, Thing.Body, settings.Blocks, ref starts, scale);
        var goals = random.Stream(RandomStream.Task);
        PegBoard.DrawGoal(ref goals, scale, out state.Goal);
        TwoArmTask<T, BiPegTransferTask<T>, BiPegTransferSettings>.Begin(ref state, in scene, in settings);
    }

    public static void Step(ref TwoArmState<T> state, in SceneTile<T> scene, in TwoPsmActions<T> action, in LaneRandom<T> random, in BiPegTransferSettings settings,
        out GoalTerm<T> reward, out StepEnd<T> end)
        => TwoArmTask<T, BiPegTransferTask<T>, BiPegTransferSettings>.Step(ref state, in scene, in action, in settings, out reward, out end);

    public static void Observe(in TwoArmState<T> state, in SceneTile<T> scene, in LaneRandom<T> random, in BiPegTransferSettings settings, out TwoArmObservation<T> observation)
        => TwoArmTask<T, BiPegTransferTask<T>, BiPegTransferSettings>.Observe(in state, in scene, in settings, out observation);

    public static void Place(in Frame<T> body, int arm, in BiPegTransferSettings settings, out Frame<T> place)
        => PegBlock.Place(in body, arm == 0 ? 1 : 2, settings.World.LengthScale, out place);

    public static Vec3<T> Achieved(in Frame<T> body, in Frame<T> place1) => body.Origin;

    public static T Lifted(in TwoArmState<T> state, in Frame<T> body, in BiPegTransferSettings settings)
        => body.Origin.Z > state.Goal.Z + T.Of(PegTransferTask<T>.LiftedBy * settings.World.LengthScale);

    public static T Reached(in Vec3<T> achieved, in Vec3<T> goal, in BiPegTransferSettings settings)
        => settings.Pegs.Reached(in achieved, in goal, settings.World.LengthScale);

    public static void Turns(in Frame<T> place1, in Frame<T> place2, ref T turn1, ref T turn2)
    {
        turn1 = SingleArm.NearestTurn(BodyFrames.Heading(in place1), turn1);
        turn2 = SingleArm.NearestTurn(BodyFrames.Heading(in place2), turn2);
    }

    /// <summary>Until it is handed over, a block that PSM2 lost is within its reach again.</summary>
    public static T Lost(in TwoArmState<T> state)
        => (state.Plan.Step >= T.Of(Lift)) & (state.Plan.Step <= T.Of(Meet)) & ~state.Grasp.Held;

    public static T Phase(in TwoArmState<T> state, in TwoArmPlaces<T> places, T done, float scale)
    {
        T free = Phases.Free(in places.Tip2, in places.Place2, state.Psm2.JawTarget < T.Of(ToolMotion.Open), scale);
        // What PSM2 carries is on its way to be handed over once PSM1 is near.
        T near = (places.Tip1 - places.Place1).LengthSquared < T.Of(Phases.HandOverDistance * Phases.HandOverDistance * scale * scale);
        T second = T.Select(near, T.Of(Phases.HandOver), T.Select(state.Plan.Step <= T.Of(Lift), T.Of(Phases.Lift), T.Of(Phases.Transfer)));
        T first = T.Select(state.Plan.Step >= T.Of(LetGo), T.Of(Phases.Release),
            T.Select(state.Plan.Step <= T.Of(HandOver), T.Of(Phases.HandOver), T.Of(Phases.Transfer)));
        T held = T.Select(state.Grasp.HeldBy(0), first, second);
        return T.Select(done, T.Of(Phases.Done), T.Select(state.Grasp.Held, held, free));
    }

    /// <summary>
    /// PSM2 fetches the block while PSM1 waits higher; PSM1 comes down and closes; PSM2 opens and leaves; PSM1 carries it
    /// over the goal's peg and opens.
    /// </summary>
    public static void Waypoint(in TwoArmState<T> state, int arm, in T step, float scale, out PlanStep<T> waypoint)
    {
        T zero = T.Of(0);
        var aside = new Vec3<T>(zero, state.Origin.Y, T.Of(-MeetHeight * scale));
        T raised = T.Of(WaitHeight * scale);
        if (arm == 0)
        {
            T waits = step < T.Of(5), carries = step >= T.Of(9);
            var meet = state.Anchor1 - aside;
            var goal = new Vec3<T>(state.Goal.X + state.Anchor1.X - state.Origin.X, state.Goal.Y + state.Anchor1.Y - state.Origin.Y, meet.Z);
            waypoint.Position = Vec3<T>.Select(carries, goal, meet);
            waypoint.Position.Z += raised & waits;
            waypoint.Turn = state.Turn1;
            waypoint.Jaw = Jaw((step < T.Of(Meet)) | (step >= T.Of(LetGo)));
            return;
        }
        T low = (step >= T.Of(1)) & (step < T.Of(Lift)), there = step < T.Of(4), leaves = step >= T.Of(8);
        var place = state.Anchor2;
        place.Z += T.Select(low, T.Of((PegTransferTask<T>.TipHeight + PsmArm.TipLength) * scale), T.Of(MeetHeight * scale));
        waypoint.Position = Vec3<T>.Select(there, place, state.Anchor2 - aside);
        waypoint.Position.Z += raised & leaves;
        waypoint.Turn = state.Turn2;
        waypoint.Jaw = Jaw((step < T.Of(2)) | (step >= T.Of(HandOver)));
    }

    private static T Jaw(T opens) => T.Select(opens, T.Of(0.5f), T.Of(-0.5f));
}

/// <summary>Registry row of <c>surgical-bi-peg-transfer</c>.</summary>
public static class BiPegTransfer
{
    public static LaneDefinition<BiPegTransferSettings> Definition { get; } = new("surgical-bi-peg-transfer", typeof(BiPegTransferTask<>))
    {
        Summary = "Fetch a block with one da Vinci arm, hand it to the other and put it over a peg.",
        AlsoKnownAs = ["BiPegTransfer-v0"],
        Action = Box.Symmetric(10),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => WorldSettings.ControlPeriod,
        RewardRange = _ => (-1, 0),
        HasSuccess = true,
        InfoNames = { [Phases.Field] = Phases.Names },
        ScriptedExpert = PlanExpert.Of,
        GoalReward = (achieved, desired, in settings) => GoalRewards.Of(BiPegTransferTask<Lane1>.Reached(GoalRewards.Vector(achieved), GoalRewards.Vector(desired), in settings)),
        Check = settings => settings.World.Check(),
    };
}
