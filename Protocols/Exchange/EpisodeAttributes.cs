using System.Globalization;
using PureHDF;
using Sim.Environments;
using Sim.Protocols.Exchange.Hdf5;

namespace Sim.Protocols.Exchange;

/// <summary>
/// What an episode's group in HDF5 says of it in attributes: where it started, under which options, who played it.
/// </summary>
internal static class EpisodeAttributes
{
    private const string Seed = "seed", StartSeed = "start_seed", StartNumber = "start_number", Operator = "operator", Options = "options/";

    public static void Write(H5Group group, EpisodeOutline outline)
    {
        if (outline.Start is { } start)
        {
            // Minari's seed is the argument of reset: it starts the first episode only.
            if (start.Number == 0)
                WriteWhole(group, Seed, start.Seed);
            WriteWhole(group, StartSeed, start.Seed);
            group.Attributes[StartNumber] = (long)start.Number;
        }
        if (outline.Operator.Length > 0)
            group.Attributes[Operator] = outline.Operator;
        foreach (var (name, value) in outline.Options)
            group.Attributes[Options + name] = Option(value);
    }

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static EpisodeStart? ReadStart(Hdf5File file, string group)
    {
        if (ReadWhole(file, group, StartSeed) is { } seed)
            return new(seed, (uint)Math.Min(ReadWhole(file, group, StartNumber) ?? 0, uint.MaxValue));
        return ReadWhole(file, group, Seed) is { } first ? new(first, 0) : null;
    }

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Dictionary<string, string> ReadOptions(Hdf5File file, string group)
    {
        var options = new Dictionary<string, string>();
        foreach (string name in file.AttributeNames(group).Where(name => name.StartsWith(Options, StringComparison.Ordinal)))
        {
            if (file.Attribute(group, name) is IConvertible value)
                options[name[Options.Length..]] = value.ToString(CultureInfo.InvariantCulture);
        }
        return options;
    }

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static string ReadOperator(Hdf5File file, string group) => file.Attribute(group, Operator) as string ?? "";

    /// <summary>Signed where it fits, as h5py writes Python's whole numbers.</summary>
    private static void WriteWhole(H5Group group, string name, ulong number)
    {
        if (number <= long.MaxValue)
            group.Attributes[name] = (long)number;
        else
            group.Attributes[name] = number;
    }

    /// <summary>A number where its text can be had back from it, and the text otherwise.</summary>
    private static object Option(string value)
        => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number.ToString("R", CultureInfo.InvariantCulture) == value ? number : value;

    private static ulong? ReadWhole(Hdf5File file, string group, string name) => file.Attribute(group, name) switch
    {
        long number when number >= 0 => (ulong)number,
        ulong number => number,
        _ => null,
    };
}
