namespace Sim.Protocols.Demonstrations;

/// <summary>For how long an info output that is a category, such as the phase of a task, stayed what it was.</summary>
/// <param name="Label">The info output.</param>
/// <param name="Name">What it was.</param>
/// <param name="From">Steps of the episode before its first moment.</param>
/// <param name="To">Steps of the episode before the first moment of what followed, or T + 1 at the end.</param>
public sealed record InfoSpan(string Label, string Name, int From, int To)
{
    /// <summary>All spans of an episode, category after category, in the order of time; none where nothing was kept.</summary>
    public static IReadOnlyList<InfoSpan> Of(EpisodeRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        float[] info = rows.ReadInfo();
        if (info.Length == 0) return [];
        var spans = new List<InfoSpan>();
        var labels = rows.Session.Info!.Labels;
        for (int column = 0; column < labels.Count; column++)
        {
            if (rows.Session.InfoNames.ContainsKey(labels[column])) AddSpans(spans, rows.Session, labels[column], info.AsSpan(column..), labels.Count);
        }
        return spans;
    }

    /// <summary>The word for a value; null where the output is no category, or the value has none.</summary>
    public static string? NameOf(DemonstrationSession session, string label, float value)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.InfoNames.TryGetValue(label, out var names) && value >= 0 && value < names.Count ? names[(int)value] : null;
    }

    private static void AddSpans(List<InfoSpan> spans, DemonstrationSession session, string label, ReadOnlySpan<float> values, int stride)
    {
        int rows = (values.Length + stride - 1) / stride;
        for (int from = 0, to; from < rows; from = to)
        {
            float value = values[from * stride];
            for (to = from + 1; to < rows && values[to * stride].Equals(value);) to++;
            spans.Add(new(label, NameOf(session, label, value) ?? $"{value}", from, to));
        }
    }
}
