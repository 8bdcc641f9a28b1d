namespace Sim.Environments;

/// <summary>A registry row under other settings than its defaults: what a server offers when it was told which.</summary>
public sealed class ConfiguredDefinition(EnvironmentDefinition inner, object defaults) : EnvironmentDefinition
{
    public override string Id => inner.Id;

    public override IReadOnlyList<string> Aliases => inner.Aliases;

    public override object DefaultSettings => defaults;

    public override Func<BatchEnvironment, IActor>? Expert => inner.Expert;

    public override EnvironmentSpec Describe(object settings) => inner.Describe(settings);

    public override BatchEnvironment Create(EnvironmentOptions options, object? settings = null) => inner.Create(options, settings ?? DefaultSettings);
}
