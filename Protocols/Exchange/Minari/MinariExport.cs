using PureHDF;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;
using Sim.Protocols.Exchange.Hdf5;

namespace Sim.Protocols.Exchange.Minari;

/// <summary>
/// Writes a Minari data set: <c>data/metadata.json</c> and <c>data/main_data.hdf5</c> with a group for every episode.
/// Rows are T + 1 in <c>observations</c> and <c>infos</c>, T elsewhere. Memory: one episode, some kilobytes for every
/// further one, and with compression at most 64 KiB for every array of the file.
/// </summary>
internal static class MinariExport
{
    /// <summary>Writes the data set, as <see cref="EpisodeFormat.Export"/> says.</summary>
    public static ExportSummary Write(EpisodeSet set, string path, ExportOptions options)
    {
        string id = MinariDatasetId.Check(options.DatasetId ?? MinariDatasetId.Of(set.Environment));
        var selection = EpisodeSelection.Of(set, options);
        using var target = new PendingTarget(path);
        string folder = Directory.CreateDirectory(Path.Combine(target.Path, "data")).FullName;
        string file = Path.Combine(folder, MinariMetadata.DataFile);
        WriteEpisodes(file, set, selection, options.Compression);
        MinariMetadata.Write(Path.Combine(folder, MinariMetadata.FileName), set, id, selection.Summary, new FileInfo(file).Length);
        target.Commit();
        return selection.Summary;
    }

    private static void WriteEpisodes(string file, EpisodeSet set, EpisodeSelection selection, ExportCompression compression)
    {
        var tree = new Hdf5Tree(compression);
        var slots = selection.Outlines.Select(outline => new Slots(tree, set, outline)).ToArray();
        using var writer = tree.BeginWrite(file);
        foreach (var (outline, episode) in selection.Read())
            slots[outline.Index].Fill(writer, episode);
    }

    /// <summary>The arrays of one episode, laid out before they are filled.</summary>
    private sealed class Slots
    {
        private readonly H5Dataset<float[]>?[] _floats;
        private readonly H5Dataset<byte[]>?[] _bytes;
        private readonly H5Dataset<float[]>? _actions;
        private readonly H5Dataset<long[]>? _choices;
        private readonly H5Dataset<float[]> _rewards;
        private readonly H5Dataset<Hdf5Flag[]> _terminations, _truncations;
        private readonly H5Dataset<Hdf5Flag[]>? _success;
        private readonly InfoSlots _info;

        public Slots(Hdf5Tree tree, EpisodeSet set, EpisodeOutline outline)
        {
            long steps = outline.Length;
            var group = Hdf5Tree.Group(tree.Root, $"episode_{outline.Index}");
            group.Attributes["id"] = (long)outline.Index;
            group.Attributes["total_steps"] = steps;
            EpisodeAttributes.Write(group, outline);
            var groups = EpisodeShape.Groups(set.Observation);
            _floats = new H5Dataset<float[]>?[groups.Count];
            _bytes = new H5Dataset<byte[]>?[groups.Count];
            for (int i = 0; i < groups.Count; i++)
            {
                string place = set.Observation is Dict ? $"observations/{groups[i].Name}" : "observations";
                long[] shape = [steps + 1, .. groups[i].Space.Shape];
                if (groups[i].Space.Type == ElementType.Float32)
                    _floats[i] = tree.Add<float>(group, place, shape);
                else
                    _bytes[i] = tree.Add<byte>(group, place, shape);
            }
            if (set.Action is Box box)
                _actions = tree.Add<float>(group, "actions", [steps, .. box.Shape]);
            else
                _choices = tree.Add<long>(group, "actions", [steps, .. set.Action.Shape]);
            _rewards = tree.Add<float>(group, "rewards", steps);
            _terminations = tree.Add<Hdf5Flag>(group, "terminations", steps);
            _truncations = tree.Add<Hdf5Flag>(group, "truncations", steps);
            _success = outline.HasSuccess ? tree.Add<Hdf5Flag>(group, "infos/success", steps + 1) : null;
            _info = new InfoSlots(tree, group, set, outline.Length + 1);
        }

        public void Fill(H5NativeWriter writer, RecordedEpisode episode)
        {
            for (int i = 0; i < _floats.Length; i++)
            {
                byte[] rows = episode.Observations[i].Rows;
                if (_floats[i] is { } floats)
                    writer.Write(floats, RowBytes.Floats(rows));
                else
                    writer.Write(_bytes[i]!, rows);
            }
            if (_actions is not null)
                writer.Write(_actions, episode.Actions);
            if (_choices is not null)
                writer.Write(_choices, Array.ConvertAll(episode.Choices, choice => (long)choice));
            writer.Write(_rewards, episode.Rewards);
            writer.Write(_terminations, Hdf5Flags.Of(episode.Terminated));
            writer.Write(_truncations, Hdf5Flags.Of(episode.Truncated));
            if (_success is not null)
                writer.Write(_success, Hdf5Flags.Of([false, .. episode.Success!]));
            _info.Fill(writer, episode);
        }
    }
}
