using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Environments.SurgicalGym;

/// <summary>
/// A number for each of the six driven joints that the two da Vinci arms share: angles in rad, insertion in m. The three
/// pitch joints are those of the parallelogram that keeps the remote centre in place: the upright link at the back, the
/// bottom link, and the link that carries the tool.
/// </summary>
public struct ArmJoints<T> where T : unmanaged, ILane<T>
{
    public T Yaw, PitchBack, PitchBottom, PitchEnd, Insertion, Roll;

    public static ArmJoints<T> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ArmJoints<T> joints;
            joints.Yaw = joints.PitchBack = joints.PitchBottom = joints.PitchEnd = joints.Insertion = joints.Roll = T.Of(0);
            return joints;
        }
    }

    /// <summary>Sum of the sizes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Size() => T.Abs(Yaw) + T.Abs(PitchBack) + T.Abs(PitchBottom) + (T.Abs(PitchEnd) + T.Abs(Insertion) + T.Abs(Roll));

    /// <summary>Integrates an action into joint targets of −1 to 1.</summary>
    /// <param name="action">Clipped to [−1, 1].</param>
    /// <param name="increment">Change of a target in one step at an action of 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Integrate(in ArmJoints<T> action, float increment)
    {
        Yaw = Target(Yaw, action.Yaw, increment);
        PitchBack = Target(PitchBack, action.PitchBack, increment);
        PitchBottom = Target(PitchBottom, action.PitchBottom, increment);
        PitchEnd = Target(PitchEnd, action.PitchEnd, increment);
        Insertion = Target(Insertion, action.Insertion, increment);
        Roll = Target(Roll, action.Roll, increment);
    }

    /// <summary>How many components of an action lie outside [−1, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Clipped()
        => IsClipped(Yaw) + IsClipped(PitchBack) + IsClipped(PitchBottom) + (IsClipped(PitchEnd) + IsClipped(Insertion) + IsClipped(Roll));

    /// <summary>1 where a component of an action lies outside [−1, 1], else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T IsClipped(T action) => (T.Abs(action) > 1f) & T.Of(1);

    /// <summary>One target of −1 to 1 after one step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Target(T target, T action, float increment)
        => Clamp(T.Fma(Clamp(action, 1f), T.Of(increment), target), 1f);
}
