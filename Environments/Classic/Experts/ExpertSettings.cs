namespace Sim.Environments.Classic.Experts;

/// <summary>The settings that a scripted expert computes its law from.</summary>
internal static class ExpertSettings
{
    /// <exception cref="ArgumentException">The batch is of a task with other settings.</exception>
    public static T Of<T>(BatchEnvironment environments) where T : struct
    {
        ArgumentNullException.ThrowIfNull(environments);
        return environments.Spec.Settings is T settings
            ? settings
            : throw new ArgumentException($"this expert steers tasks with {typeof(T).Name}, not {environments.Spec.Id}", nameof(environments));
    }
}
