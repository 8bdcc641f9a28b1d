using System.IO.Compression;
using System.Text.Json;
using NUnit.Framework;

namespace Sim.Tests.Environments.Classic;

/// <summary>One recorded step of a Gymnasium environment, as doubles.</summary>
internal sealed record GoldenTransition(double[] Before, double Action, double[] After, double[] Obs, double Reward, int Terminated);

/// <summary>The recorded steps of one environment.</summary>
internal static class GoldenTransitions
{
    private static readonly JsonSerializerOptions s_options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static IReadOnlyList<GoldenTransition> Read(string name)
    {
        string path = Path.Combine(TestContext.CurrentContext.TestDirectory, "Environments", "golden", $"classic_{name}.json.gz");
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var document = JsonDocument.Parse(file);
        return document.RootElement.GetProperty("transitions").Deserialize<GoldenTransition[]>(s_options)!;
    }
}
