using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>
/// What one arm is told in a control step, each in [−1, 1]: a step of the jaws' pivot along the world's axes (1 is
/// 10 mm nominal), a turn of the tool, and the jaw (below 0 closes, else opens).
/// </summary>
public struct PsmAction<T> where T : unmanaged, ILane<T>
{
    public T X, Y, Z, Turn, Jaw;

    /// <summary>The same within its limits, and how many of its numbers were not.</summary>
    public static void Clip(in PsmAction<T> action, out PsmAction<T> clipped, out T beyond)
    {
        clipped.X = LaneMath.Clamp(action.X, 1);
        clipped.Y = LaneMath.Clamp(action.Y, 1);
        clipped.Z = LaneMath.Clamp(action.Z, 1);
        clipped.Turn = LaneMath.Clamp(action.Turn, 1);
        clipped.Jaw = LaneMath.Clamp(action.Jaw, 1);
        T one = T.Of(1);
        beyond = (one & (T.Abs(action.X) > one)) + (one & (T.Abs(action.Y) > one)) + (one & (T.Abs(action.Z) > one))
            + (one & (T.Abs(action.Turn) > one)) + (one & (T.Abs(action.Jaw) > one));
    }
}

/// <summary>What both arms are told, PSM1 first.</summary>
public struct TwoPsmActions<T> where T : unmanaged, ILane<T>
{
    public PsmAction<T> Psm1, Psm2;
}
