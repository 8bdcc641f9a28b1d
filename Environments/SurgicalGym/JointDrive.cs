using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.SurgicalGym;

/// <summary>
/// One control period of a position drive, in closed form. The drive obeys I·q̈ = k·(q* − q) − d·q̇; an implicit Euler
/// step of h, which is how PhysX integrates the drives of an articulation, reads
/// I·(v' − v) = h·(k·(q* − q − h·v') − d·v'), so v' = (I·v + h·k·(q* − q)) / (I + h·d + h²·k) and q' = q + h·v'. It is
/// stable at any stiffness. With I = 0 it is a first-order filter that takes the share h·k/(d + h·k) of the way.
/// </summary>
public readonly struct JointDrive
{
    private readonly float _keep, _gain, _period;

    private JointDrive(float keep, float gain, float period) => (_keep, _gain, _period) = (keep, gain, period);

    /// <summary>The law of a drive over steps of <paramref name="period"/> seconds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static JointDrive Of(in DriveSettings settings, float period)
    {
        float scale = 1f / (settings.Inertia + (period * (settings.Damping + (period * settings.Stiffness))));
        return new(settings.Inertia * scale, period * settings.Stiffness * scale, period);
    }

    /// <summary>Moves a joint towards its target; at a limit it stands still.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance<T>(ref T position, ref T velocity, T target, float low, float high) where T : unmanaged, ILane<T>
    {
        T speed = T.Fma(T.Of(_gain), target - position, velocity * _keep);
        T free = T.Fma(T.Of(_period), speed, position);
        position = LaneMath.Clamp(free, low, high);
        velocity = T.Select(T.Equal(position, free), speed, T.Of(0));
    }
}
