namespace Sim.Agents.Torch;

/// <summary>Where the native libraries of torch are looked for: a folder that holds libtorch_cpu.so and libc10.so.</summary>
public static class LibTorchLocation
{
    /// <summary>Environment variable that names an existing libtorch folder; it then is the only one considered.</summary>
    public const string Variable = "SIM_LIBTORCH";

    private static readonly string[] Needed = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    /// <summary>
    /// The folder with libtorch: <paramref name="chosen"/> or its lib folder when given, else the application's
    /// folder (a published program), else the package folder that was recorded when the assembly was built.
    /// </summary>
    /// <param name="chosen">Value of <see cref="Variable"/>; null or empty when unset.</param>
    /// <param name="applicationFolder">Folder of the running program.</param>
    /// <param name="packageFolder">Recorded package folder, or null when the build recorded none.</param>
    /// <exception cref="TorchUnavailableException">No folder qualifies; the message lists each and what it lacks.</exception>
    public static string Find(string? chosen, string applicationFolder, string? packageFolder)
    {
        var candidates = Candidates(chosen, applicationFolder, packageFolder);
        foreach (string folder in candidates)
        {
            if (Missing(folder).Length == 0)
            {
                return folder;
            }
        }

        var tried = candidates.Select(folder => Directory.Exists(folder)
            ? $"  {folder}: lacks {string.Join(", ", Missing(folder))}"
            : $"  {folder}: no such folder");
        string advice = string.IsNullOrEmpty(chosen)
            ? $"Restore the packages again (dotnet restore), or set {Variable} to the folder of a libtorch 2.10 for Linux x64."
            : $"{Variable} is set to '{chosen}'. Correct it to the folder of a libtorch 2.10 for Linux x64, or unset it to use the package.";
        throw new TorchUnavailableException(
            $"libtorch was not found. Tried:{Environment.NewLine}{string.Join(Environment.NewLine, tried)}{Environment.NewLine}{advice}");
    }

    private static string[] Candidates(string? chosen, string applicationFolder, string? packageFolder)
        => string.IsNullOrEmpty(chosen)
            ? [.. ApplicationFolders(applicationFolder), .. packageFolder is null ? (string[])[] : [packageFolder]]
            : [chosen, Path.Combine(chosen, "lib")];

    internal static string[] ApplicationFolders(string applicationFolder)
        => [applicationFolder, Path.Combine(applicationFolder, "runtimes", "linux-x64", "native")];

    private static string[] Missing(string folder)
        => [.. Needed.Where(name => !File.Exists(Path.Combine(folder, name)))];
}
