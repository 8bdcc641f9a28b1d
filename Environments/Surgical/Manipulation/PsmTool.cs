using System.Runtime.CompilerServices;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>A patient-side manipulator in motion: where its joints and jaw are, and where their motors take them.</summary>
public struct PsmTool<T> where T : unmanaged, ILane<T>
{
    public PsmJoints<T> Joints, Target;

    /// <summary>Opening between the fingers, rad.</summary>
    public T Jaw, JawTarget;
}

/// <summary>Which angle of the tool an action turns.</summary>
public enum TurnMode
{
    /// <summary>About the vertical: Euler angles (−90°, 0, yaw).</summary>
    Yaw,

    /// <summary>PSM1 leaning: Euler angles (0, pitch, −90°).</summary>
    PitchFirst,

    /// <summary>PSM2 leaning: Euler angles (−180°, pitch, 90°).</summary>
    PitchSecond,
}

/// <summary>What an arm is and may do in one task.</summary>
/// <param name="Mount">Where it stands.</param>
/// <param name="Box">Where its pivot is commanded.</param>
/// <param name="Mode">Which angle turns.</param>
/// <param name="TurnStep">The turn of an action of 1, rad.</param>
public readonly record struct ArmSetup(ArmMount Mount, Workspace Box, TurnMode Mode, float TurnStep);

/// <summary>
/// How an arm moves. Its motors are those of SurRoL's engine at default gains: every substep of 1/240 s takes away a
/// tenth of what is left to the target, so that 99.4 % of a step is done at its end.
/// </summary>
public static class ToolMotion
{
    /// <summary>An action of 1, nominal metres.</summary>
    public const float Step = 0.01f;

    /// <summary>Opening of an open jaw, rad.</summary>
    public const float Open = 40 * MathF.PI / 180;

    /// <summary>What a substep leaves of the way to the target.</summary>
    private const float Left = 0.9f;

    /// <summary>Puts an arm at rest with its pivot somewhere.</summary>
    /// <param name="setup">Which arm.</param>
    /// <param name="position">Of the pivot, world units.</param>
    /// <param name="turn">Yaw or pitch, rad.</param>
    /// <param name="jaw">Opening, rad.</param>
    /// <param name="scale">World units per nominal metre.</param>
    /// <param name="tool">Where it is then.</param>
    public static void Start<T>(in ArmSetup setup, in Vec3<T> position, T turn, T jaw, float scale, out PsmTool<T> tool) where T : unmanaged, ILane<T>
    {
        Frame<T> world;
        world.Origin = position;
        Axes(setup.Mode, turn, out world.Axes);
        setup.Mount.FromWorld(in world, scale, out var local);
        PsmArm.Inverse(in local, scale, out tool.Joints, out _);
        tool.Target = tool.Joints;
        tool.Jaw = tool.JawTarget = jaw;
    }

    /// <summary>The pivot's frame in the world.</summary>
    public static void Pivot<T>(in PsmTool<T> tool, in ArmSetup setup, float scale, out Frame<T> pivot) where T : unmanaged, ILane<T>
    {
        PsmArm.Forward(in tool.Joints, scale, out var local);
        setup.Mount.ToWorld(in local, scale, out pivot);
    }

    /// <summary>The angle that the task turns, rad.</summary>
    public static void Turn<T>(in Frame<T> pivot, TurnMode mode, out T turn) where T : unmanaged, ILane<T>
    {
        ref readonly var x = ref pivot.Axes.X;
        turn = mode == TurnMode.Yaw
            ? LaneMath.Atan2(x.Y, x.X)
            : LaneMath.Atan2(-x.Z, T.Sqrt(T.Fma(x.X, x.X, x.Y * x.Y)));
    }

    /// <summary>
    /// Aims the arm a step from where it is. A command whose joints would leave their limits is dropped: the old
    /// target stays.
    /// </summary>
    public static void Command<T>(ref PsmTool<T> tool, in ArmSetup setup, in Frame<T> pivot, in PsmAction<T> action, float scale) where T : unmanaged, ILane<T>
    {
        Frame<T> aim;
        float step = Step * scale;
        aim.Origin = setup.Box.Clip(pivot.Origin + (new Vec3<T>(action.X, action.Y, action.Z) * T.Of(step)), scale);
        Turn(in pivot, setup.Mode, out T turn);
        turn += action.Turn * setup.TurnStep;
        turn = setup.Mode == TurnMode.Yaw ? LaneMath.WrapAngle(turn) : LaneMath.Clamp(turn, MathF.PI / 2);
        Axes(setup.Mode, turn, out aim.Axes);
        setup.Mount.FromWorld(in aim, scale, out var local);
        PsmArm.Inverse(in local, scale, out var joints, out T reachable);
        Choose(ref tool.Target, in joints, reachable);
    }

    /// <summary>Moves joints and jaw on by some substeps; where a mask is set the jaw stays.</summary>
    public static void Advance<T>(ref PsmTool<T> tool, int substeps, in T jawStalled) where T : unmanaged, ILane<T>
    {
        float left = 1;
        for (int i = 0; i < substeps; i++) left *= Left;
        T share = T.Of(1 - left);
        Approach(ref tool.Joints.Yaw, tool.Target.Yaw, share);
        Approach(ref tool.Joints.Pitch, tool.Target.Pitch, share);
        Approach(ref tool.Joints.Insertion, tool.Target.Insertion, share);
        Approach(ref tool.Joints.Roll, tool.Target.Roll, share);
        Approach(ref tool.Joints.WristPitch, tool.Target.WristPitch, share);
        Approach(ref tool.Joints.WristYaw, tool.Target.WristYaw, share);
        T jaw = tool.Jaw;
        Approach(ref tool.Jaw, tool.JawTarget, share);
        tool.Jaw = T.Select(jawStalled, jaw, tool.Jaw);
    }

    private static void Axes<T>(TurnMode mode, T turn, out Rotation<T> axes) where T : unmanaged, ILane<T>
    {
        if (mode == TurnMode.Yaw) ToolOrientation.Yawed(turn, out axes);
        else if (mode == TurnMode.PitchFirst) ToolOrientation.PitchedFirst(turn, out axes);
        else ToolOrientation.PitchedSecond(turn, out axes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Approach<T>(ref T value, T target, T share) where T : unmanaged, ILane<T> => value = T.Fma(target - value, share, value);

    private static void Choose<T>(ref PsmJoints<T> target, in PsmJoints<T> joints, T mask) where T : unmanaged, ILane<T>
    {
        target.Yaw = T.Select(mask, joints.Yaw, target.Yaw);
        target.Pitch = T.Select(mask, joints.Pitch, target.Pitch);
        target.Insertion = T.Select(mask, joints.Insertion, target.Insertion);
        target.Roll = T.Select(mask, joints.Roll, target.Roll);
        target.WristPitch = T.Select(mask, joints.WristPitch, target.WristPitch);
        target.WristYaw = T.Select(mask, joints.WristYaw, target.WristYaw);
    }
}
