using System.Runtime.CompilerServices;
using Sim.Physics.Batched;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>A thing that arms can hold: its body, and the weld of each arm's pivot to it.</summary>
/// <param name="Body">The thing.</param>
/// <param name="FirstWeld">Weld to PSM1; that of PSM2 follows it.</param>
/// <param name="HalfHeight">How far the place to grasp reaches up and down along its z axis, nominal metres.</param>
public readonly record struct Graspable(BodyId Body, JointId FirstWeld, float HalfHeight = 0)
{
    public JointId Weld(int arm) => new(FirstWeld.Index + arm);
}

/// <summary>Who holds a thing: 0 nobody, 1 PSM1, 2 PSM2. Only one arm can hold at a time.</summary>
public struct Grasp<T> where T : unmanaged, ILane<T>
{
    public T Holder;

    /// <summary>Mask of lanes in which an arm (0 or 1) holds it.</summary>
    public readonly T HeldBy(int arm) => T.Equal(Holder, T.Of(arm + 1));

    /// <summary>Mask of lanes in which somebody holds it.</summary>
    public readonly T Held => Holder > T.Of(0);
}

/// <summary>
/// SurRoL's model of grasping, in its order: a jaw command closes and takes hold of what both fingers touch, or opens
/// and lets go; after the motion a thing that friction has lifted far enough is welded, and a weld that no finger
/// touches any more, or that is pulled too hard, tears off. Unlike there, a thing that changes hands in the air is welded
/// to its new holder before the old one opens, not 0.2 s after: springs that suit 10 g let fingers sink in, and what the
/// opening jaw pushes away no friction could hold.
/// </summary>
public static class Grasping
{
    /// <summary>How near the tip must be to take hold without contact, nominal metres.</summary>
    private const float Near = 0.002f;

    /// <summary>Sets the jaw's target; opening lets go.</summary>
    public static void CommandJaw<T>(ref PsmTool<T> tool, ref Grasp<T> grasp, in SceneTile<T> scene, in Graspable thing, int arm, T closing) where T : unmanaged, ILane<T>
    {
        tool.JawTarget = T.Select(closing, T.Of(0), T.Of(ToolMotion.Open));
        Release(ref grasp, in scene, in thing, arm, ~closing & grasp.HeldBy(arm));
    }

    /// <summary>
    /// Takes hold where the jaw closes, nobody holds the thing and both fingers touch it or the tip is near. What is high
    /// enough already, as when it changes hands, is welded at once.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Engage<T>(ref Grasp<T> grasp, in SceneTile<T> scene, in Gripper gripper, in Graspable thing, int arm, in T closing,
        in T lifted, in Frame<T> pivot, in Frame<T> place, in WorldSettings world) where T : unmanaged, ILane<T>
    {
        T fresh = closing & ~grasp.Held;
        if (world.Grasp == GraspMode.FrictionThenWeld)
        {
            scene.Touching(gripper.First, thing.Body, out T first);
            scene.Touching(gripper.Second, thing.Body, out T second);
            fresh &= first & second;
            scene.Attach(thing.Weld(arm), fresh & lifted);
        }
        else
        {
            fresh &= IsNear(in pivot, in place, thing.HalfHeight, world.LengthScale);
            scene.Attach(thing.Weld(arm), fresh);
        }
        grasp.Holder = T.Select(fresh, T.Of(arm + 1), grasp.Holder);
    }

    /// <summary>What follows the motion: welds what has been lifted, lets go of what has been lost.</summary>
    /// <param name="grasp">Who holds it.</param>
    /// <param name="scene">The world after the motion.</param>
    /// <param name="gripper">The arm's bodies.</param>
    /// <param name="thing">What may be held.</param>
    /// <param name="arm">0 or 1.</param>
    /// <param name="lifted">Mask: the task's condition for welding holds.</param>
    /// <param name="world">Mode and limits.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Settle<T>(ref Grasp<T> grasp, in SceneTile<T> scene, in Gripper gripper, in Graspable thing, int arm, in T lifted, in WorldSettings world)
        where T : unmanaged, ILane<T>
    {
        T held = grasp.HeldBy(arm), welded = scene.Attached(thing.Weld(arm));
        scene.Pull(thing.Weld(arm), out T pull);
        T lost = welded & (pull > T.Of(world.HoldForce));
        if (world.Grasp == GraspMode.FrictionThenWeld)
        {
            scene.Touching(gripper.First, thing.Body, out T first);
            scene.Touching(gripper.Second, thing.Body, out T second);
            lost |= held & ~(first | second);
            scene.Attach(thing.Weld(arm), held & ~lost & lifted);
        }
        Release(ref grasp, in scene, in thing, arm, lost & held);
    }

    /// <summary>Adds to a mask the lanes in which both fingers press a thing so hard that the jaw stops.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Stall<T>(in SceneTile<T> scene, in Gripper gripper, BodyId thing, float force, ref T stalled) where T : unmanaged, ILane<T>
    {
        scene.Pressure(gripper.First, thing, out T first);
        scene.Pressure(gripper.Second, thing, out T second);
        stalled |= (first >= T.Of(force)) & (second >= T.Of(force));
    }

    /// <summary>Mask: the tip is within reach of the place, anywhere along its height.</summary>
    private static T IsNear<T>(in Frame<T> pivot, in Frame<T> place, float halfHeight, float scale) where T : unmanaged, ILane<T>
    {
        var way = SingleArm.Tip(in pivot, scale) - place.Origin;
        T along = Vec3<T>.Dot(way, place.Axes.Z), beyond = along - LaneMath.Clamp(along, halfHeight * scale);
        return way.LengthSquared - (along * along) + (beyond * beyond) < T.Of(Near * Near * scale * scale);
    }

    /// <summary>An arm lets go of a thing in the masked lanes.</summary>
    public static void Release<T>(ref Grasp<T> grasp, in SceneTile<T> scene, in Graspable thing, int arm, T mask) where T : unmanaged, ILane<T>
    {
        scene.Detach(thing.Weld(arm), in mask);
        grasp.Holder = T.Select(mask, T.Of(0), grasp.Holder);
    }
}
