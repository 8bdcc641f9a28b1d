using System.Reflection;

namespace Sim.Protocols.Messages;

/// <summary>The version of this library, with the build.</summary>
internal static class SdkVersion
{
    public static string? Text { get; }
        = typeof(SdkVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}
