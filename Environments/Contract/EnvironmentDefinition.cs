namespace Sim.Environments;

/// <summary>A row of the registry: how to make one kind of environment.</summary>
public abstract class EnvironmentDefinition
{
    /// <summary>Kebab-case id.</summary>
    public abstract string Id { get; }

    /// <summary>Names under which other libraries know the task.</summary>
    public abstract IReadOnlyList<string> Aliases { get; }

    /// <summary>The configuration record with its defaults.</summary>
    public abstract object DefaultSettings { get; }

    /// <summary>The spec under given settings.</summary>
    public abstract EnvironmentSpec Describe(object settings);

    /// <summary>
    /// Makes a scripted expert for a batch of this environment; null where nobody has written one. It needs the batch
    /// to have been made with <see cref="EnvironmentOptions.Privileged"/> where the task has a privileged group.
    /// </summary>
    public virtual Func<BatchEnvironment, IActor>? Expert => null;

    /// <summary>Makes a batch; <paramref name="settings"/> is of the type of <see cref="DefaultSettings"/>.</summary>
    /// <exception cref="ArgumentException">A setting or an option is out of range; the message names it.</exception>
    public abstract BatchEnvironment Create(EnvironmentOptions options, object? settings = null);
}
