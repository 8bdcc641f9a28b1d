using Sim.Environments.Configuration;

namespace Sim.Environments.Classic;

/// <summary>The pair <c>low</c>, <c>high</c> from which start states are drawn, named as Gymnasium's reset options.</summary>
internal static class StartRange
{
    /// <exception cref="SettingsException">The range is empty.</exception>
    public static void Check(float low, float high)
    {
        if (low > high)
            throw new SettingsException($"low = {low} lies above high = {high}: start states need low to be at most high.");
    }
}
