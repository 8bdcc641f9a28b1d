using System.Globalization;
using Sim.Environments.Configuration;

namespace Sim.Environments.Surgical.Camera;

/// <summary>Pairs of settings that are the ends of a range.</summary>
internal static class Limits
{
    /// <exception cref="SettingsException">The lower end is above the upper one.</exception>
    public static void Check(string name, float low, float high)
    {
        if (low <= high) return;
        throw new SettingsException(string.Create(CultureInfo.InvariantCulture,
            $"{name}_low = {low} is above {name}_high = {high}: expected at most {high}."));
    }
}
