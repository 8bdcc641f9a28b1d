using System.ComponentModel.DataAnnotations;
using System.Numerics;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Batched;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>Configuration of <c>surgical-needle-regrasp</c>. Lengths are nominal metres.</summary>
public record struct NeedleRegraspSettings()
{
    public WorldSettings World { get; init; } = new();
    public NeedleSettings Needle { get; init; } = new();

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 100_000)] public int EpisodeSteps { get; init; } = 50;

    /// <summary>Half of the range of the needle's pitch at the start, rad about −90°.</summary>
    [Range(0f, 0.5f)] public float PitchSpread { get; init; } = MathF.PI / 12;

    /// <summary>Standard deviation of the goals about the middle of PSM2's workspace, along each axis.</summary>
    [Range(0f, 0.02f)] public float GoalSpread { get; init; } = 0.005f;

    /// <summary>Whether goals are cut to PSM2's workspace; the source means to, and discards the result.</summary>
    public Parity Parity { get; init; } = Parity.Corrected;

    /// <summary>Distance from the goal that counts as a success.</summary>
    [Range(0.0005f, 0.05f)] public float SuccessDistance { get; init; } = 0.005f;
}

/// <summary>PSM1 holds a needle and hands it to PSM2 in the air, which carries it to a place: SurRoL's NeedleRegrasp-v0.</summary>
public readonly struct NeedleRegraspTask<T>
    : ISceneTask<T, NeedleRegraspTask<T>, TwoArmState<T>, TwoPsmActions<T>, TwoArmObservation<T>, GoalTerm<T>, NeedleRegraspSettings>,
        ITwoArmTask<T, NeedleRegraspSettings>
    where T : unmanaged, ILane<T>
{
    /// <summary>The table, which catches a needle that falls; nominal metres.</summary>
    private const float TableTop = 0.676f;

    /// <summary>By how much the holding tip is beyond the wire, nominal metres.</summary>
    private const float Beyond = 0.0015f;

    /// <summary>The pitch at which both arms meet, rad.</summary>
    private const float MeetPitch = -MathF.PI / 6;

    public static int Steps => 6;

    public static int Arms => 2;

    /// <summary>The source never waits for the pitch: it asks for 2 rad.</summary>
    public static PlanTuning Tuning => new(Gain: 0.5f, Tolerance: 1e-4f, TurnTolerance: 2, TurnGain: 12 / MathF.PI, TurnLimit: 1);

    public static ArmSetup Psm1 => new(ArmMount.Psm1, new Workspace(0.55f, 0.60f, 0.01f, 0.08f, 0.695f, 0.745f), TurnMode.PitchFirst, MathF.PI / 12);

    public static ArmSetup Psm2 => new(ArmMount.Psm2, new Workspace(0.55f, 0.60f, -0.08f, -0.01f, 0.695f, 0.745f), TurnMode.PitchSecond, MathF.PI / 12);

    public static Graspable Thing => new(new(2 * Gripper.Bodies), new(0));

    public static (float Psm1, float Psm2) RestingJaws => (0.8f, -0.8f);

    public static WorldSettings World(in NeedleRegraspSettings settings) => settings.World;

    public static Scene Build(in NeedleRegraspSettings settings)
    {
        float scale = settings.World.LengthScale;
        var builder = ManipulationScene.Begin(settings.World, arms: 2);
        var needle = builder.AddDynamic("needle", NeedleShape.Of(settings.Needle, scale), settings.Needle.Mass, new Vector3(0.575f, 0.045f, 0.73f) * scale, ManipulationScene.Surface);
        builder.AddStatic("table", Shape.Plane(), new Vector3(0, 0, TableTop * scale), ManipulationScene.Surface);
        ManipulationScene.MakeGraspable(builder, needle, arms: 2);
        return builder.Build();
    }

    /// <summary>
    /// The source moves PSM1 to a needle that it pins in the air, closes and tries again until the needle is held. Here
    /// the same pose is taken at once, with the jaw on the wire.
    /// </summary>
    public static void Reset(out TwoArmState<T> state, in SceneTile<T> scene, in LaneRandom<T> random, in NeedleRegraspSettings settings)
    {
        state = default;
        float scale = settings.World.LengthScale;
        var starts = random.Stream(RandomStream.StartState);
        var box = Psm1.Box;
        Frame<T> needle;
        needle.Origin = new Vec3<T>(MiddleThird(ref starts, box.LowX, box.HighX), MiddleThird(ref starts, box.LowY, box.HighY), MiddleThird(ref starts, box.Bottom, box.Top)) * T.Of(scale);
        EulerAngles<T> angles;
        angles.Roll = T.Of(-MathF.PI / 2);
        angles.Pitch = starts.Uniform(-settings.PitchSpread, settings.PitchSpread) - (MathF.PI / 2);
        angles.Yaw = T.Of(MathF.PI / 2);
        EulerAngles<T>.ToRotation(in angles, out needle.Axes);
        scene.Place(Thing.Body, in needle.Origin, Rotation<T>.ToQuaternion(in needle.Axes));
        Hold(in needle, in settings, out state.Psm1);

        var second = Psm2.Box;
        var middle = SingleArm.Scaled<T>(new Vector3(second.CentreX, second.CentreY, 0.5f * (second.Bottom + second.Top)), scale);
        ToolMotion.Start(Psm2, in middle, T.Of(-MathF.PI / 2), T.Of(ToolMotion.Open), scale, out state.Psm2);

        var goals = random.Stream(RandomStream.Task);
        float spread = settings.GoalSpread * scale;
        state.Goal = middle + new Vec3<T>(goals.Normal() * spread, goals.Normal() * spread, goals.Normal() * spread);
        if (settings.Parity == Parity.Corrected) state.Goal = second.Clip(state.Goal, scale);
        TwoArmTask<T, NeedleRegraspTask<T>, NeedleRegraspSettings>.Begin(ref state, in scene, in settings);
        state.Grasp.Holder = T.Of(1);
        scene.Attach(Thing.Weld(0), ~T.Of(0));
    }

    public static void Step(ref TwoArmState<T> state, in SceneTile<T> scene, in TwoPsmActions<T> action, in LaneRandom<T> random, in NeedleRegraspSettings settings,
        out GoalTerm<T> reward, out StepEnd<T> end)
        => TwoArmTask<T, NeedleRegraspTask<T>, NeedleRegraspSettings>.Step(ref state, in scene, in action, in settings, out reward, out end);

    public static void Observe(in TwoArmState<T> state, in SceneTile<T> scene, in LaneRandom<T> random, in NeedleRegraspSettings settings, out TwoArmObservation<T> observation)
        => TwoArmTask<T, NeedleRegraspTask<T>, NeedleRegraspSettings>.Observe(in state, in scene, in settings, out observation);

    /// <summary>The observation's first waypoint is link 4, where PSM2 grasps, and its second link 5, where PSM1 does.</summary>
    public static void Place(in Frame<T> body, int arm, in NeedleRegraspSettings settings, out Frame<T> place)
        => NeedleShape.Place(in body, settings.Needle, arm == 0 ? NeedleShape.Fourth : NeedleShape.Fifth, settings.World.LengthScale, out place);

    public static Vec3<T> Achieved(in Frame<T> body, in Frame<T> place1) => place1.Origin;

    public static T Lifted(in TwoArmState<T> state, in Frame<T> body, in NeedleRegraspSettings settings) => ~T.Of(0);

    public static T Reached(in Vec3<T> achieved, in Vec3<T> goal, in NeedleRegraspSettings settings)
        => GoalRewards.Near(achieved, goal, settings.World.Scaled(settings.SuccessDistance));

    public static void Turns(in Frame<T> place1, in Frame<T> place2, ref T turn1, ref T turn2) => turn1 = turn2 = T.Of(MeetPitch);

    /// <summary>A needle that fell is out of reach.</summary>
    public static T Lost(in TwoArmState<T> state) => T.Of(0);

    public static T Phase(in TwoArmState<T> state, in TwoArmPlaces<T> places, T done, float scale)
    {
        T free = Phases.Free(in places.Tip2, in places.Place1, state.Psm2.JawTarget < T.Of(ToolMotion.Open), scale);
        T near = (places.Tip1 - places.Place2).LengthSquared < T.Of(Phases.HandOverDistance * Phases.HandOverDistance * scale * scale);
        T carried = T.Select(near, T.Of(Phases.HandOver), T.Of(Phases.Transfer));
        return T.Select(done, T.Of(Phases.Done), T.Select(state.Grasp.HeldBy(1), carried, free));
    }

    /// <summary>
    /// The tips meet on either side of the middle; PSM2 advances and closes; PSM1 opens and backs away; PSM2 carries the
    /// needle to the goal. Fingers point along x.
    /// </summary>
    public static void Waypoint(in TwoArmState<T> state, int arm, in T step, float scale, out PlanStep<T> waypoint)
    {
        // Anchors are where the observation says: the first is link 4, the second link 5.
        var place = state.Anchor2;
        T half = T.Sqrt((state.Anchor1 - state.Anchor2).LengthSquared) * 0.5f;
        float mm = 1e-3f * scale;
        T first = step < T.Of(1), apart = step >= T.Of(4);
        if (arm == 0)
        {
            T x = T.Select(first, T.Of(2 * mm), T.Select(apart, T.Of(-5 * mm), T.Of(0)));
            waypoint.Position = new Vec3<T>(place.X + x, half + (T.Of(10 * mm) & apart), place.Z);
            waypoint.Jaw = T.Select(step < T.Of(3), T.Of(-0.8f), T.Of(0.8f));
        }
        else
        {
            T x = T.Select(first, T.Of(-2 * mm), T.Select(apart, T.Of(5 * mm), T.Of(2 * mm)));
            waypoint.Position = Vec3<T>.Select(step >= T.Of(5), state.Goal, new Vec3<T>(place.X + x, -half, place.Z));
            waypoint.Jaw = T.Select(step < T.Of(2), T.Of(0.8f), T.Of(-0.8f));
        }
        // From the tip back to the pivot.
        waypoint.Position.X -= T.Of(PsmArm.TipLength * scale);
        waypoint.Turn = T.Of(MeetPitch);
    }

    /// <summary>PSM1 with its jaw closed on link 5.</summary>
    private static void Hold(in Frame<T> needle, in NeedleRegraspSettings settings, out PsmTool<T> tool)
    {
        float scale = settings.World.LengthScale, reach = PsmArm.TipLength - Beyond;
        NeedleShape.Place(in needle, settings.Needle, NeedleShape.Fifth, scale, out var place);
        EulerAngles<T>.Of(in place.Axes, out var turned);
        place.Origin.X -= T.Of(reach * scale);
        // The faces of the fingers touch the wire, a twentieth of a degree deep.
        float jaw = (2 * MathF.Asin(settings.Needle.Wire / reach)) - (MathF.PI / 3600);
        ToolMotion.Start(Psm1, in place.Origin, turned.Pitch, T.Of(jaw), scale, out tool);
        tool.JawTarget = T.Of(0);
    }

    private static T MiddleThird(ref Draws<T> draws, float low, float high) => draws.Uniform(low + ((high - low) / 3), high - ((high - low) / 3));
}

/// <summary>Registry row of <c>surgical-needle-regrasp</c>.</summary>
public static class NeedleRegrasp
{
    public static LaneDefinition<NeedleRegraspSettings> Definition { get; } = new("surgical-needle-regrasp", typeof(NeedleRegraspTask<>))
    {
        Summary = "Hand a suture needle from one da Vinci arm to the other and carry it to a place.",
        AlsoKnownAs = ["NeedleRegrasp-v0"],
        Action = Box.Symmetric(10),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => WorldSettings.ControlPeriod,
        RewardRange = _ => (-1, 0),
        HasSuccess = true,
        InfoNames = { [Phases.Field] = Phases.Names },
        ScriptedExpert = PlanExpert.Of,
        GoalReward = (achieved, desired, in settings) => GoalRewards.Of(NeedleRegraspTask<Lane1>.Reached(GoalRewards.Vector(achieved), GoalRewards.Vector(desired), in settings)),
        Check = settings => settings.World.Check(),
    };
}
