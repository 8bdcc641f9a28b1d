using Sim.Environments.Surgical.Arms;
using Sim.Physics.Batched;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>Robot state of one arm: 7 numbers.</summary>
public struct ToolView<T> where T : unmanaged, ILane<T>
{
    /// <summary>The pivot's place, world units.</summary>
    public Vec3<T> Position;

    /// <summary>Its Euler angles in the world, rad.</summary>
    public EulerAngles<T> Angles;

    /// <summary>Opening between the fingers, rad.</summary>
    public T Jaw;

    public static void Of(in PsmTool<T> tool, in Frame<T> pivot, out ToolView<T> view)
    {
        view.Position = pivot.Origin;
        EulerAngles<T>.Of(in pivot.Axes, out view.Angles);
        view.Jaw = tool.Jaw;
    }
}

/// <summary>What tasks with one arm and one thing show: 19 numbers.</summary>
public struct ObjectView<T> where T : unmanaged, ILane<T>
{
    public ToolView<T> Psm;

    /// <summary>The thing's centre of mass, world units; the same seen from the pivot, along world axes.</summary>
    public Vec3<T> Object, ObjectFromPsm;

    /// <summary>The place at which to grasp, world units, and how it is turned, rad.</summary>
    public Vec3<T> Waypoint;

    public EulerAngles<T> WaypointAngles;

    public static void Of(in PsmTool<T> tool, in Frame<T> pivot, in Vec3<T> thing, in Frame<T> waypoint, out ObjectView<T> view)
    {
        ToolView<T>.Of(in tool, in pivot, out view.Psm);
        view.Object = thing;
        view.ObjectFromPsm = thing - pivot.Origin;
        view.Waypoint = waypoint.Origin;
        EulerAngles<T>.Of(in waypoint.Axes, out view.WaypointAngles);
    }
}

/// <summary>What tasks with two arms and one thing show: 35 numbers.</summary>
public struct TwoArmView<T> where T : unmanaged, ILane<T>
{
    public ToolView<T> Psm1, Psm2;

    /// <summary>The thing's centre of mass, world units; the same seen from each pivot, along world axes.</summary>
    public Vec3<T> Object, ObjectFromPsm1, ObjectFromPsm2;

    /// <summary>The places at which PSM1 and PSM2 grasp, world units, and how they are turned, rad.</summary>
    public Vec3<T> Waypoint1;

    public EulerAngles<T> Waypoint1Angles;

    public Vec3<T> Waypoint2;

    public EulerAngles<T> Waypoint2Angles;

    public static void Of(in Vec3<T> thing, in Frame<T> waypoint1, in Frame<T> waypoint2, ref TwoArmView<T> view)
    {
        view.Object = thing;
        view.ObjectFromPsm1 = thing - view.Psm1.Position;
        view.ObjectFromPsm2 = thing - view.Psm2.Position;
        view.Waypoint1 = waypoint1.Origin;
        EulerAngles<T>.Of(in waypoint1.Axes, out view.Waypoint1Angles);
        view.Waypoint2 = waypoint2.Origin;
        EulerAngles<T>.Of(in waypoint2.Axes, out view.Waypoint2Angles);
    }
}

/// <summary>What the scripted expert would do now, for learners that may ask it: its action, and the step of its plan.</summary>
public struct PlanView<T> where T : unmanaged, ILane<T>
{
    public PsmAction<T> ExpertAction;

    public T PlanStep;
}

/// <summary>The same for both arms.</summary>
public struct TwoArmPlanView<T> where T : unmanaged, ILane<T>
{
    public TwoPsmActions<T> ExpertAction;

    public T PlanStep;
}

/// <summary>Info outputs of the manipulation tasks.</summary>
public struct ManipulationInfo<T> where T : unmanaged, ILane<T>
{
    /// <summary>See <see cref="Phases"/>.</summary>
    public T Phase;

    /// <summary>Control steps that the scripted expert would take from here, about.</summary>
    public T RemainingSteps;

    /// <summary>Numbers of this episode's actions that were outside [−1, 1].</summary>
    public T ClippedActions;
}

/// <summary>Places on things.</summary>
public static class BodyFrames
{
    /// <summary>The frame of a body in the world.</summary>
    public static void Of<T>(in SceneTile<T> scene, BodyId body, out Frame<T> frame) where T : unmanaged, ILane<T>
    {
        scene.Position(body, out frame.Origin);
        scene.Orientation(body, out var orientation);
        Rotation<T>.FromQuaternion(orientation, out frame.Axes);
    }

    /// <summary>A frame of the body, given by its place there and its turn about the body's z axis.</summary>
    public static void On<T>(in Frame<T> body, float x, float y, float z, float turn, out Frame<T> frame) where T : unmanaged, ILane<T>
    {
        frame.Origin = Frame<T>.Apply(in body, new Vec3<T>(T.Of(x), T.Of(y), T.Of(z)));
        frame.Axes = body.Axes;
        Rotation<T>.TurnZ(ref frame.Axes, T.Of(MathF.Sin(turn)), T.Of(MathF.Cos(turn)));
    }

    /// <summary>A body turned about the vertical, rad.</summary>
    public static Quat<T> Upright<T>(T turn) where T : unmanaged, ILane<T>
    {
        LaneMath.SinCos(turn * 0.5f, out T sin, out T cos);
        T zero = T.Of(0);
        return new Quat<T>(zero, zero, sin, cos);
    }

    /// <summary>The angle by which the x axis of a frame is turned about the vertical, rad.</summary>
    public static T Heading<T>(in Frame<T> frame) where T : unmanaged, ILane<T> => LaneMath.Atan2(frame.Axes.X.Y, frame.Axes.X.X);
}
