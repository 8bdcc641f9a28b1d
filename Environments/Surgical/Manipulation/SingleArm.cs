using System.Numerics;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Batched;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>What SurRoL's tasks for PSM1 alone have in common.</summary>
public static class SingleArm
{
    public static Gripper Gripper => Gripper.Of(0);

    /// <summary>PSM1, turning by up to 30° a step about the vertical.</summary>
    public static ArmSetup Setup => new(ArmMount.Psm1, Workspace.SingleArm, TurnMode.Yaw, MathF.PI / 6);

    /// <summary>The yaw at which all of them start, rad.</summary>
    public const float StartYaw = MathF.PI / 2;

    /// <summary>From a place to grasp up to the pivot when the jaw closes, and by how much more while it comes from above; nominal metres.</summary>
    public const float GraspHeight = PsmArm.TipLength - 0.0007f, Above = 0.005f;

    /// <summary>Where the pivot starts: low over what lies there, or high over the peg board; nominal metres.</summary>
    public static readonly Vector3 LowStart = new(0.5f, 0.05f, 0.7202f), HighStart = new(0.5f, 0.05f, 0.7552f);

    /// <summary>Puts the arm at rest.</summary>
    /// <param name="position">Of the pivot, nominal metres.</param>
    /// <param name="jaw">Opening, rad.</param>
    /// <param name="scale">World units per nominal metre.</param>
    /// <param name="tool">The arm.</param>
    public static void Start<T>(Vector3 position, T jaw, float scale, out PsmTool<T> tool) where T : unmanaged, ILane<T>
    {
        ToolMotion.Start(Setup, Scaled<T>(position, scale), T.Of(StartYaw), jaw, scale, out tool);
    }

    /// <summary>Puts the arm at rest with its jaw open, in the world too.</summary>
    public static void Start<T>(in SceneTile<T> scene, Vector3 position, float scale, out PsmTool<T> tool) where T : unmanaged, ILane<T>
    {
        Start(position, T.Of(ToolMotion.Open), scale, out tool);
        ToolMotion.Pivot(in tool, Setup, scale, out var pivot);
        Gripper.Place(in scene, in pivot, tool.Jaw, scale);
    }

    /// <summary>Aims the arm and its jaw; returns the mask of lanes whose present waypoint counts as reached with this step.</summary>
    public static T Act<T, TPlan, TState>(in TState state, ref PsmTool<T> tool, ref Grasp<T> grasp, ref PlanProgress<T> plan, in SceneTile<T> scene, in PsmAction<T> action,
        Graspable thing, in Frame<T> place, in T lifted, in WorldSettings world)
        where T : unmanaged, ILane<T> where TPlan : struct, IToolPlan<T, TState> where TState : unmanaged
    {
        T reached = Aim<T, TPlan, TState>(in state, ref tool, ref plan, in action, Setup, world.LengthScale, out var pivot);
        T closing = action.Jaw < T.Of(0);
        Grasping.CommandJaw(ref tool, ref grasp, in scene, thing, 0, closing);
        Grasping.Engage(ref grasp, in scene, Gripper, thing, 0, in closing, in lifted, in pivot, in place, in world);
        return reached;
    }

    /// <summary>Aims the arm alone; returns the mask of lanes whose present waypoint counts as reached with this step.</summary>
    public static T Aim<T, TPlan, TState>(in TState state, ref PsmTool<T> tool, ref PlanProgress<T> plan, in PsmAction<T> action, in ArmSetup setup, float scale,
        out Frame<T> pivot)
        where T : unmanaged, ILane<T> where TPlan : struct, IToolPlan<T, TState> where TState : unmanaged
    {
        ToolMotion.Pivot(in tool, in setup, scale, out pivot);
        ToolMotion.Turn(in pivot, setup.Mode, out T turn);
        TPlan.Waypoint(in state, 0, in plan.Step, scale, out var waypoint);
        ToolPlans.Follow(in waypoint, in pivot, in turn, TPlan.Tuning, scale, out _, out var arrival);
        T zero = T.Of(0);
        T reached = plan.Arrive(in arrival, in arrival, ~((action.Jaw < zero) ^ (waypoint.Jaw < zero)));
        ToolMotion.Command(ref tool, in setup, in pivot, in action, scale);
        return reached;
    }

    /// <summary>Moves arm and world through a control step. A closing jaw stops where it presses the thing from both sides.</summary>
    public static void Move<T>(ref PsmTool<T> tool, in SceneTile<T> scene, BodyId thing, in WorldSettings world) where T : unmanaged, ILane<T>
        => Move(ref tool, in scene, thing, 1, T.Of(0), in world, world.Detections);

    /// <summary>The same with several things, which follow each other in the scene, through some of a control step's detections.</summary>
    /// <param name="tool">The arm.</param>
    /// <param name="scene">Its world.</param>
    /// <param name="first">The first of the things.</param>
    /// <param name="things">How many there are.</param>
    /// <param name="jammed">Mask: the jaw cannot close any further, because what is between its fingers is welded to it.</param>
    /// <param name="world">Time and forces.</param>
    /// <param name="detections">How far.</param>
    public static void Move<T>(ref PsmTool<T> tool, in SceneTile<T> scene, BodyId first, int things, in T jammed, in WorldSettings world, int detections) where T : unmanaged, ILane<T>
    {
        for (int i = 0; i < detections; i++)
        {
            T stalled = jammed;
            for (int k = 0; k < things; k++) Grasping.Stall(in scene, Gripper, new BodyId(first.Index + k), world.GripForce, ref stalled);
            stalled &= tool.JawTarget < tool.Jaw;
            ToolMotion.Advance(ref tool, world.SubstepsPerDetection, in stalled);
            ToolMotion.Pivot(in tool, Setup, world.LengthScale, out var pivot);
            Gripper.Drive(in scene, in pivot, tool.Jaw, world.LengthScale);
            scene.Step();
        }
    }

    /// <summary>What the expert would do, and how long it would take.</summary>
    public static void Plan<T, TPlan, TState>(in TState state, T planStep, in Frame<T> pivot, float scale, out PlanView<T> view, out T remaining)
        where T : unmanaged, ILane<T> where TPlan : struct, IToolPlan<T, TState> where TState : unmanaged
    {
        ToolMotion.Turn(in pivot, Setup.Mode, out T turn);
        TPlan.Waypoint(in state, 0, in planStep, scale, out var waypoint);
        ToolPlans.Follow(in waypoint, in pivot, in turn, TPlan.Tuning, scale, out view.ExpertAction, out _);
        T over = planStep >= T.Of(TPlan.Steps);
        ToolPlans.Rest(ref view.ExpertAction, waypoint.Jaw, over);
        view.PlanStep = planStep;
        remaining = ToolPlans.Remaining<T, TPlan, TState>(in state, in pivot.Origin, in pivot.Origin, in planStep, scale);
    }

    /// <summary>The phase of picking something up and carrying it.</summary>
    public static T Phase<T>(in PsmTool<T> tool, in Grasp<T> grasp, in Frame<T> pivot, in Vec3<T> place, T welded, T done, float scale) where T : unmanaged, ILane<T>
    {
        var tip = Tip(in pivot, scale);
        T free = Phases.Free(in tip, in place, tool.JawTarget < T.Of(ToolMotion.Open), scale);
        T held = T.Select(welded, T.Of(Phases.Transfer), T.Of(Phases.Lift));
        return T.Select(done, T.Of(Phases.Done), T.Select(grasp.Held, held, free));
    }

    /// <summary>The tip of a closed jaw.</summary>
    public static Vec3<T> Tip<T>(in Frame<T> pivot, float scale) where T : unmanaged, ILane<T> => Vec3<T>.AddScaled(pivot.Origin, T.Of(PsmArm.TipLength * scale), pivot.Axes.Y);

    /// <summary>A nominal place in world units.</summary>
    public static Vec3<T> Scaled<T>(Vector3 nominal, float scale) where T : unmanaged, ILane<T> => new(T.Of(nominal.X * scale), T.Of(nominal.Y * scale), T.Of(nominal.Z * scale));

    /// <summary>A place within ± <paramref name="spread"/> of a middle along x and y, drawn; world units of nominal metres.</summary>
    public static Vec3<T> Scatter<T>(ref Draws<T> draws, float x, float y, float height, float spread, float scale) where T : unmanaged, ILane<T>
        => new Vec3<T>(draws.Uniform(-spread, spread) + x, draws.Uniform(-spread, spread) + y, T.Of(height)) * T.Of(scale);

    /// <summary>A heading or its opposite, whichever is nearer to a turn: jaws are the same from both sides. rad.</summary>
    public static T NearestTurn<T>(T heading, T turn) where T : unmanaged, ILane<T>
    {
        T way = LaneMath.WrapAngle(heading - turn);
        T far = T.Abs(way) > T.Of(MathF.PI / 2);
        return LaneMath.WrapAngle(heading + (far & T.Of(MathF.PI)));
    }
}
