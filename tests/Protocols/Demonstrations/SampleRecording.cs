using Sim.Environments;
using Sim.Protocols.Demonstrations;

namespace Sim.Tests.Protocols.Demonstrations;

/// <summary>What a batch showed while it was recorded, kept beside the file to compare with.</summary>
internal sealed class SampleRecording
{
    public required string Path { get; init; }

    /// <summary>Every step of every lane, in the order of steps.</summary>
    public List<Row> Rows { get; } = [];

    public sealed record Row(int Lane, float[] Action, int[] Choice, float Reward, bool Terminated, bool Truncated, byte[] Observation);

    /// <summary>Records random actions, which no episode survives for long.</summary>
    public static SampleRecording Of(string path, string id, int count = 1, int steps = 300, RecordingOptions? options = null,
        EnvironmentOptions? environmentOptions = null, object? settings = null, IReadOnlyDictionary<string, string>? resetOptions = null, bool close = true)
    {
        using var environments = Registry.Make(id, (environmentOptions ?? new()) with { Count = count }, settings);
        var sample = new SampleRecording { Path = path };
        var recorder = DemonstrationRecorder.Create(path, environments, options);
        environments.Reset(seed: 3, resetOptions);
        recorder.AfterReset(resetOptions);
        for (int step = 0; step < steps; step++)
        {
            RandomActions.Fill(environments, seed: 11, step);
            environments.Step();
            recorder.AfterStep(ActionSource.Script);
            sample.Keep(environments);
        }
        if (close) recorder.Close();
        return sample;
    }

    /// <summary>The rows of one episode of a recording.</summary>
    public Row[] RowsOf(DemonstrationEpisode episode, int lanes)
        => [.. Enumerable.Range(0, episode.Length).Select(step => Rows[(((int)episode.FirstStep + step) * lanes) + episode.Lane])];

    private void Keep(BatchEnvironment environments)
    {
        for (int lane = 0; lane < environments.Count; lane++)
        {
            bool ended = environments.Terminated[lane] || environments.Truncated[lane];
            var shown = ended ? environments.FinalObservations : environments.Observations;
            int width = environments.Actions.Length / environments.Count, choices = environments.DiscreteActions.Length / environments.Count;
            Rows.Add(new(lane, environments.Actions.Slice(lane * width, width).ToArray(), environments.DiscreteActions.Slice(lane * choices, choices).ToArray(),
                environments.Rewards[lane], environments.Terminated[lane], environments.Truncated[lane], shown.RowBytes(lane).ToArray()));
        }
    }
}
