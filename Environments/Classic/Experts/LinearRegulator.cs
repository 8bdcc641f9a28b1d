namespace Sim.Environments.Classic.Experts;

/// <summary>
/// The discrete linear-quadratic regulator of one input (Anderson and Moore, "Optimal Control: Linear Quadratic
/// Methods", 1990, section 2.4), by iterating the Riccati difference equation to its fixed point.
/// </summary>
internal static class LinearRegulator
{
    private const int MostRounds = 20_000;
    private const double Settled = 1e-10;

    /// <summary>Gains K of u = −K x that minimise Σ xᵀ Q x + r u² under x' = A x + B u.</summary>
    /// <param name="a">A, <c>[n, n]</c>.</param>
    /// <param name="b">B, <c>[n]</c>.</param>
    /// <param name="stateCosts">Diagonal of Q, <c>[n]</c>.</param>
    /// <param name="actionCost">r, above 0.</param>
    public static float[] Gains(double[,] a, double[] b, double[] stateCosts, double actionCost)
    {
        int n = b.Length;
        double[,] cost = new double[n, n];
        for (int i = 0; i < n; i++) cost[i, i] = stateCosts[i];
        double[] gains = new double[n];
        for (int round = 0; round < MostRounds; round++)
        {
            double[,] product = Product(cost, a);
            double[] before = gains;
            gains = Best(product, cost, b, actionCost);
            cost = Next(a, b, product, gains, stateCosts);
            if (round > 0 && gains.Zip(before).All(pair => Math.Abs(pair.First - pair.Second) <= Settled * (1 + Math.Abs(pair.First)))) break;
        }
        return [.. gains.Select(gain => (float)gain)];
    }

    /// <summary>K = Bᵀ P A / (r + Bᵀ P B).</summary>
    private static double[] Best(double[,] product, double[,] cost, double[] b, double actionCost)
    {
        int n = b.Length;
        double denominator = actionCost;
        double[] gains = new double[n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                denominator += b[i] * cost[i, j] * b[j];
                gains[j] += b[i] * product[i, j];
            }
        }
        for (int j = 0; j < n; j++) gains[j] /= denominator;
        return gains;
    }

    /// <summary>P = Q + Aᵀ P A − Aᵀ P B K.</summary>
    private static double[,] Next(double[,] a, double[] b, double[,] product, double[] gains, double[] stateCosts)
    {
        int n = b.Length;
        double[,] next = new double[n, n];
        for (int j = 0; j < n; j++)
        {
            double pull = 0;
            for (int k = 0; k < n; k++) pull += product[k, j] * b[k];
            for (int i = 0; i < n; i++)
            {
                double sum = 0;
                for (int k = 0; k < n; k++) sum += a[k, j] * product[k, i];
                next[j, i] = sum - (pull * gains[i]);
            }
            next[j, j] += stateCosts[j];
        }
        return next;
    }

    private static double[,] Product(double[,] left, double[,] right)
    {
        int n = left.GetLength(0);
        double[,] product = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                for (int k = 0; k < n; k++) product[i, j] += left[i, k] * right[k, j];
            }
        }
        return product;
    }
}
