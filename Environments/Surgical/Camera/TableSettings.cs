using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Camera;

/// <summary>The rectangle of the table in which a target lies or moves; its centre is 5 cm above the table.</summary>
public record struct TableSettings()
{
    private const float Height = 0.05f;

    /// <summary>Least x, m.</summary>
    [Range(-1f, 1f)] public float XLow { get; init; } = -0.5f;

    /// <summary>Greatest x, m.</summary>
    [Range(-1f, 1f)] public float XHigh { get; init; } = 0.5f;

    /// <summary>Least y, m.</summary>
    [Range(-1f, 1f)] public float YLow { get; init; } = -0.4f;

    /// <summary>Greatest y, m.</summary>
    [Range(-1f, 1f)] public float YHigh { get; init; } = 0.4f;

    /// <summary>A place on the table, in the RCM frame of the endoscope's arm, m.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec3<T> Seen<T>(T x, T y) where T : unmanaged, ILane<T> => ArmMount.Ecm.PointFromWorld(new Vec3<T>(x, y, T.Of(Height)), 1);

    internal readonly void Check()
    {
        Limits.Check("table.x", XLow, XHigh);
        Limits.Check("table.y", YLow, YHigh);
    }
}
