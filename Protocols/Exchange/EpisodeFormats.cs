using Sim.Environments.Configuration;
using Sim.Protocols.Exchange.LeRobot;
using Sim.Protocols.Exchange.Minari;
using Sim.Protocols.Exchange.Robomimic;

namespace Sim.Protocols.Exchange;

/// <summary>The table of foreign formats. A new one is one folder and one line here.</summary>
public static class EpisodeFormats
{
    public static IReadOnlyList<EpisodeFormat> All { get; } =
    [
        new("minari", "Farama Minari: a folder with data/main_data.hdf5", MinariExport.Write, MinariImport.Read),
        new("robomimic", "robomimic: one HDF5 file, actions scaled to -1 … 1", RobomimicExport.Write, RobomimicImport.Read),
        new("lerobot", "LeRobot v3.0: a folder of Parquet files", LeRobotExport.Write, LeRobotImport.Read),
    ];

    /// <summary>The format of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest.</exception>
    public static EpisodeFormat Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(format => format.Name == name)
            ?? throw new ArgumentException($"unknown format '{name}'; known are {string.Join(", ", All.Select(format => format.Name))}; the nearest is '{NearestName.Of(name, All.Select(format => format.Name))}'");
    }
}
