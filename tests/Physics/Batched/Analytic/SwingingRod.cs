namespace Sim.Tests.Physics.Batched.Analytic;

/// <summary>
/// A rod that swings from a pin under drag, Jθ̈ = −mgd·sin θ − cJθ̇: fourth-order Runge-Kutta in double precision with
/// steps so fine that it counts as exact.
/// </summary>
/// <param name="torque">mgd, N·m.</param>
/// <param name="inertia">J about the pin, kg·m².</param>
/// <param name="drag">c, 1/s.</param>
internal sealed class SwingingRod(double torque, double inertia, double drag)
{
    /// <summary>θ from straight down, rad.</summary>
    public double Angle { get; set; }

    /// <summary>rad/s.</summary>
    public double Speed { get; set; }

    /// <summary>Joules above hanging at rest.</summary>
    public double Energy => (0.5 * inertia * Speed * Speed) + (torque * (1 - Math.Cos(Angle)));

    public void Run(double seconds)
    {
        const int steps = 1000;
        double h = seconds / steps;
        for (int i = 0; i < steps; i++)
        {
            double a = Rate(Angle, Speed), second = Speed + (h / 2 * a);
            double b = Rate(Angle + (h / 2 * Speed), second), third = Speed + (h / 2 * b);
            double c = Rate(Angle + (h / 2 * second), third), fourth = Speed + (h * c);
            double d = Rate(Angle + (h * third), fourth);
            Angle += h / 6 * (Speed + (2 * second) + (2 * third) + fourth);
            Speed += h / 6 * (a + (2 * b) + (2 * c) + d);
        }
    }

    private double Rate(double angle, double speed) => (-torque / inertia * Math.Sin(angle)) - (drag * speed);
}
