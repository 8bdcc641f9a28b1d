using System.Globalization;

namespace Sim.Agents.Runs;

/// <summary>Writes quantities with three significant digits and an SI prefix: 310 k, 4.1 M.</summary>
public static class SiPrefix
{
    private static readonly (double Scale, string Suffix)[] s_prefixes = [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")];

    public static string Format(double value)
    {
        double rounded = ThreeDigits(value);
        foreach (var (scale, suffix) in s_prefixes)
        {
            if (Math.Abs(rounded) >= scale)
                return (rounded / scale).ToString("0.##", CultureInfo.InvariantCulture) + suffix;
        }
        return rounded.ToString("0.###", CultureInfo.InvariantCulture);
    }

    /// <summary>Rounds before the prefix is chosen, so that 999 999 reads 1 M and not 1000 k.</summary>
    private static double ThreeDigits(double value)
    {
        if (value == 0 || !double.IsFinite(value))
            return value;
        double unit = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - 2);
        return Math.Round(value / unit) * unit;
    }
}
