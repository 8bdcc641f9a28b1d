namespace Sim.Tests.Physics.Batched.Analytic;

/// <summary>
/// The resting shape of a clamped cable under its weight and a load on its tip, in double precision: the angles θᵢ of
/// its n rods below the horizontal that minimise the discrete energy
/// ½(2EI/h)θ₁² + Σ ½(EI/h)(θᵢ₊₁ − θᵢ)² − Σ wh·(depth of rod i's centre) − P·(depth of the tip).
/// </summary>
internal static class Elastica
{
    /// <summary>Newton's method on the tridiagonal system; the load is raised in steps, since a full one has other stationary points.</summary>
    /// <param name="rods">n.</param>
    /// <param name="length">L, metres.</param>
    /// <param name="stiffness">EI, N·m².</param>
    /// <param name="weight">w, N/m.</param>
    /// <param name="tipLoad">P, N, downwards.</param>
    /// <returns>θ₁ to θₙ, radians.</returns>
    public static double[] Angles(int rods, double length, double stiffness, double weight, double tipLoad = 0)
    {
        double pitch = length / rods, spring = stiffness / pitch;
        double[] angles = new double[rods];
        // Small steps where the load is small beside the stiffness of the whole: L³ grows them.
        const int steps = 400;
        for (int step = 1; step <= steps; step++)
        {
            double share = Math.Pow((double)step / steps, 3);
            for (int iteration = 0; iteration < 50; iteration++)
            {
                if (NewtonStep(angles, spring, pitch, share * weight, share * tipLoad) < 1e-13) break;
            }
        }
        return angles;
    }

    /// <summary>Depth of the tip below the clamp, metres.</summary>
    public static double Drop(IReadOnlyList<double> angles, double length) => length / angles.Count * angles.Sum(Math.Sin);

    /// <summary>One step; returns the largest change of an angle.</summary>
    private static double NewtonStep(double[] angles, double spring, double pitch, double weight, double tipLoad)
    {
        int n = angles.Length;
        double[] diagonal = new double[n], residual = new double[n];
        for (int i = 0; i < n; i++)
        {
            // A rod carries all rods behind it and half of its own weight.
            double moment = pitch * ((weight * pitch * (n - i - 0.5)) + tipLoad);
            double before = i == 0 ? 2 * angles[0] : angles[i] - angles[i - 1], behind = i == n - 1 ? 0 : angles[i] - angles[i + 1];
            residual[i] = (spring * (before + behind)) - (moment * Math.Cos(angles[i]));
            diagonal[i] = (spring * ((i == 0 ? 2 : 1) + (i == n - 1 ? 0 : 1))) + (moment * Math.Sin(angles[i]));
        }
        for (int i = 1; i < n; i++)
        {
            double factor = -spring / diagonal[i - 1];
            diagonal[i] += factor * spring;
            residual[i] -= factor * residual[i - 1];
        }
        double largest = 0, next = 0;
        for (int i = n - 1; i >= 0; i--)
        {
            next = (residual[i] + (i == n - 1 ? 0 : spring * next)) / diagonal[i];
            angles[i] -= next;
            largest = Math.Max(largest, Math.Abs(next));
        }
        return largest;
    }
}
