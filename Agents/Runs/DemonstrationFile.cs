using System.Security.Cryptography;
using Sim.Environments.Configuration;

namespace Sim.Agents.Runs;

/// <summary>A file of demonstrations that a run learns from, so that the run can be repeated and continued.</summary>
/// <param name="Path">Where it is, in full.</param>
/// <param name="Sha256">Of its bytes, in lower-case hexadecimal digits.</param>
public sealed record DemonstrationFile(string Path, string Sha256)
{
    /// <summary>A file as it is now.</summary>
    /// <exception cref="SettingsException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static DemonstrationFile Of(string path)
    {
        if (!File.Exists(path)) throw new SettingsException($"there is no file '{path}' of demonstrations");
        using var bytes = File.OpenRead(path);
        return new DemonstrationFile(System.IO.Path.GetFullPath(path), Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>The files of a run where they are now, in the run's order.</summary>
    /// <param name="before">As the run had them.</param>
    /// <param name="paths">Where they have been moved to, in the same order; empty for nowhere.</param>
    /// <exception cref="SettingsException">One is missing, or no longer what the run learnt from.</exception>
    public static IReadOnlyList<DemonstrationFile> Find(IReadOnlyList<DemonstrationFile> before, IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count > 0 && paths.Count != before.Count)
            throw new SettingsException($"the run learns from {before.Count} files of demonstrations, not {paths.Count}: name all of them, or none");
        var now = before.Select((file, i) => Of(paths.Count > 0 ? paths[i] : file.Path)).ToArray();
        foreach (var (was, found) in before.Zip(now))
        {
            if (was.Sha256 != found.Sha256)
                throw new SettingsException($"{found.Path} is not the file that the run learns from: its SHA-256 is {found.Sha256}, that of {was.Path} was {was.Sha256}");
        }
        return before.SequenceEqual(now) ? before : now;
    }
}
