namespace Sim.Tests.Environments.Surgical.Arms;

/// <summary>
/// The arms' modified Denavit-Hartenberg tables multiplied out in double precision, row by row, as the tables are
/// published. Poses are 3×4 matrices, row by row.
/// </summary>
internal static class ReferenceChain
{
    private const double Quarter = Math.PI / 2;

    // α, a, d, θ, and which of d and θ the joint adds to.
    private static readonly (double Twist, double Length, double Depth, double Angle, bool Slides)[] Psm =
    [
        (Quarter, 0, 0, Quarter, false),
        (-Quarter, 0, 0, -Quarter, false),
        (Quarter, 0, -0.4318, 0, true),
        (0, 0, 0.4162, 0, false),
        (-Quarter, 0, 0, -Quarter, false),
        (-Quarter, 0.0091, 0, -Quarter, false),
    ];

    private static readonly (double Twist, double Length, double Depth, double Angle, bool Slides)[] Ecm =
    [
        (Quarter, 0, 0, Quarter, false),
        (-Quarter, 0, 0, -Quarter, false),
        (Quarter, 0, -0.3822, 0, true),
        (0, 0, 0.3829, 0, false),
    ];

    public static double[] PsmEef(ReadOnlySpan<double> joints) => Chain(Psm, joints);

    public static double[] EcmEef(ReadOnlySpan<double> joints) => Chain(Ecm, joints);

    private static double[] Chain((double Twist, double Length, double Depth, double Angle, bool Slides)[] rows, ReadOnlySpan<double> joints)
    {
        double[] pose = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
        for (int i = 0; i < rows.Length; i++)
        {
            var (twist, length, depth, angle, slides) = rows[i];
            (depth, angle) = slides ? (depth + joints[i], angle) : (depth, angle + joints[i]);
            var (st, ct) = Math.SinCos(twist);
            var (sa, ca) = Math.SinCos(angle);
            pose = Times(pose,
            [
                ca, -sa, 0, length,
                ct * sa, ct * ca, -st, -st * depth,
                st * sa, st * ca, ct, ct * depth,
            ]);
        }
        return pose;
    }

    /// <summary>Product of two poses.</summary>
    public static double[] Times(double[] a, double[] b)
    {
        var product = new double[12];
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column < 4; column++)
            {
                double sum = column == 3 ? a[(row * 4) + 3] : 0;
                for (int i = 0; i < 3; i++) sum += a[(row * 4) + i] * b[(i * 4) + column];
                product[(row * 4) + column] = sum;
            }
        }
        return product;
    }
}
