using PureHDF;
using Sim.Environments.Episodes;

namespace Sim.Protocols.Exchange.Hdf5;

/// <summary>Arrays <c>infos/LABEL</c> of an episode's info outputs, laid out before they are filled.</summary>
internal sealed class InfoSlots
{
    private readonly int _rows;
    private readonly (InfoColumn Column, H5Dataset<float[]>? Floats, H5Dataset<long[]>? Numbers)[] _slots;

    /// <param name="tree">The file.</param>
    /// <param name="episode">The episode's group.</param>
    /// <param name="set">Says which info outputs there are.</param>
    /// <param name="rows">Rows of each array: the steps, or one more.</param>
    public InfoSlots(Hdf5Tree tree, H5Group episode, EpisodeSet set, int rows)
    {
        _rows = rows;
        _slots = [.. InfoColumn.Of(set).Select(column => (column,
            column.IsCategory ? null : tree.Add<float>(episode, PlaceOf(column.Label), rows),
            column.IsCategory ? tree.Add<long>(episode, PlaceOf(column.Label), rows) : null))];
    }

    /// <summary>Where the array of an info output lies in an episode's group.</summary>
    public static string PlaceOf(string label) => $"infos/{label}";

    public void Fill(H5NativeWriter writer, RecordedEpisode episode)
    {
        foreach (var (column, floats, numbers) in _slots)
        {
            if (floats is not null) writer.Write(floats, column.Floats(episode, _rows));
            else writer.Write(numbers!, column.Numbers(episode, _rows));
        }
    }
}
