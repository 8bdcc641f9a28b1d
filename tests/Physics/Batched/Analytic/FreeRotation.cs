namespace Sim.Tests.Physics.Batched.Analytic;

/// <summary>
/// A body that nothing turns, by Euler's equation T·ω̇ + ω × Tω = 0 in its principal axes: fourth-order Runge-Kutta in
/// double precision with steps so fine that it counts as exact.
/// </summary>
/// <param name="X">Moment of inertia, kg·m².</param>
/// <param name="Y">Moment of inertia, kg·m².</param>
/// <param name="Z">Moment of inertia, kg·m².</param>
internal sealed record FreeRotation(double X, double Y, double Z)
{
    /// <summary>Times at which ω about Y changes its sign, seconds.</summary>
    public List<double> Flips((double X, double Y, double Z) spin, double seconds, double step = 1e-5)
    {
        List<double> flips = [];
        for (int i = 0; i < seconds / step; i++)
        {
            var next = Step(spin, step);
            if (next.Y * spin.Y < 0) flips.Add(step * (i + (spin.Y / (spin.Y - next.Y))));
            spin = next;
        }
        return flips;
    }

    private (double X, double Y, double Z) Step((double X, double Y, double Z) w, double h)
    {
        var a = Rate(w);
        var b = Rate(Along(w, a, h / 2));
        var c = Rate(Along(w, b, h / 2));
        var d = Rate(Along(w, c, h));
        return (w.X + (h / 6 * (a.X + (2 * b.X) + (2 * c.X) + d.X)), w.Y + (h / 6 * (a.Y + (2 * b.Y) + (2 * c.Y) + d.Y)), w.Z + (h / 6 * (a.Z + (2 * b.Z) + (2 * c.Z) + d.Z)));
    }

    private (double X, double Y, double Z) Rate((double X, double Y, double Z) w) => ((Y - Z) * w.Y * w.Z / X, (Z - X) * w.Z * w.X / Y, (X - Y) * w.X * w.Y / Z);

    private static (double X, double Y, double Z) Along((double X, double Y, double Z) w, (double X, double Y, double Z) rate, double h)
        => (w.X + (h * rate.X), w.Y + (h * rate.Y), w.Z + (h * rate.Z));
}
