using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sim.Agents.Torch;

/// <summary>
/// Lets TorchSharp's native library load on systems with the C++ runtime of GCC 12. The library asks for a single
/// function that GCC 13 introduced, a start-up hook for the standard streams (GLIBCXX_3.4.32); a copy is made that
/// calls the older constructor of the streams in its place, which every runtime has.
/// </summary>
public static class GlibcxxCompatibility
{
    private const string Library = "libstdc++.so.6";
    private const string MissingVersion = "GLIBCXX_3.4.32", PresentVersion = "GLIBCXX_3.4";
    private const string MissingSymbol = "_ZSt21ios_base_library_initv", PresentSymbol = "_ZNSt8ios_base4InitC1Ev";

    /// <summary>True when the system's C++ runtime has the function, so that the original loads as it is.</summary>
    public static bool IsPresent
        => NativeLibrary.TryLoad(Library, out nint runtime) && NativeLibrary.TryGetExport(runtime, MissingSymbol, out _);

    /// <summary>The bytes of the edited copy, or null when <paramref name="original"/> needs no edit.</summary>
    /// <exception cref="InvalidDataException">The file is not the expected kind, or more would have to change.</exception>
    public static byte[]? Edit(byte[] original)
    {
        ArgumentNullException.ThrowIfNull(original);
        byte[] copy = [.. original];
        var edit = new ElfVersionEdit(copy);
        return edit.Rebind(Library, MissingVersion, PresentVersion, MissingSymbol, PresentSymbol) ? copy : null;
    }

    /// <summary>
    /// Path of a library that loads here: <paramref name="library"/> itself when it needs no edit, else the edited
    /// copy below <paramref name="cacheFolder"/>, in a folder named by the original's hash.
    /// </summary>
    /// <exception cref="InvalidDataException">The library is not what the edit expects.</exception>
    /// <exception cref="IOException">The cache folder cannot be written.</exception>
    public static string LoadableCopy(string library, string cacheFolder)
    {
        byte[] original = File.ReadAllBytes(library);
        if (Edit(original) is not { } edited)
        {
            return library;
        }
        string folder = Path.Combine(cacheFolder, Convert.ToHexStringLower(SHA256.HashData(original))[..32]);
        string target = Path.Combine(folder, Path.GetFileName(library));
        if (!File.Exists(target) || !File.ReadAllBytes(target).AsSpan().SequenceEqual(edited))
        {
            // Renaming is atomic: another process sees no copy or a whole one.
            Directory.CreateDirectory(folder);
            string temporary = Path.Combine(folder, Path.GetRandomFileName());
            File.WriteAllBytes(temporary, edited);
            File.Move(temporary, target, overwrite: true);
        }
        return target;
    }

    /// <summary>The user's own cache folder for edited copies.</summary>
    public static string UserCacheFolder
    {
        get
        {
            string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (string.IsNullOrEmpty(cache))
            {
                cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            }
            return Path.Combine(cache, "sim", "torch");
        }
    }
}
