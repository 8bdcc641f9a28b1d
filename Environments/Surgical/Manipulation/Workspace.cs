using Sim.Environments.Configuration;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>
/// The box in which an arm's pivot is commanded, nominal metres, as SurRoL's tables give it: for the tip, so that both
/// limits of z are raised by the jaw's length. The four single-arm tasks of version 1 declare boxes of their own that
/// their base class never reads; <see cref="SingleArm"/> is what is in force.
/// </summary>
public readonly record struct Workspace(float LowX, float HighX, float LowY, float HighY, float LowZ, float HighZ)
{
    /// <summary>By which commands may leave the box, world units at scale 5: sideways, and upwards.</summary>
    private const float Side = 0.02f / 5, Above = 0.08f / 5;

    public static readonly Workspace SingleArm = new(0.50f, 0.60f, -0.05f, 0.05f, 0.675f, 0.745f);

    /// <summary>Least and greatest height of the pivot, nominal metres.</summary>
    public float Bottom => LowZ + PsmArm.TipLength;

    /// <inheritdoc cref="Bottom"/>
    public float Top => HighZ + PsmArm.TipLength;

    public float CentreX => 0.5f * (LowX + HighX);

    public float CentreY => 0.5f * (LowY + HighY);

    /// <summary>The nearest place at which a command may aim, world units.</summary>
    public Vec3<T> Clip<T>(Vec3<T> position, float scale) where T : unmanaged, ILane<T> => new(
        LaneMath.Clamp(position.X, T.Of((LowX - Side) * scale), T.Of((HighX + Side) * scale)),
        LaneMath.Clamp(position.Y, T.Of((LowY - Side) * scale), T.Of((HighY + Side) * scale)),
        LaneMath.Clamp(position.Z, T.Of(Bottom * scale), T.Of((Top + Above) * scale)));

    /// <exception cref="SettingsException">A goal's coordinate lies outside; the message names it and the range.</exception>
    public void CheckGoal(string name, float x, float y, float z)
    {
        Inside($"{name}.x", x, LowX, HighX);
        Inside($"{name}.y", y, LowY, HighY);
        Inside($"{name}.z", z, LowZ, Top);
    }

    private static void Inside(string name, float value, float low, float high)
    {
        if (!(value >= low && value <= high))
            throw new SettingsException(FormattableString.Invariant($"{name} {value} m is outside the arm's workspace, [{low}, {high}]"));
    }
}
