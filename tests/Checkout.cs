namespace Sim.Tests;

/// <summary>Files of the checkout that the tests were built from.</summary>
internal static class Checkout
{
    /// <summary>A file by its path from the root.</summary>
    /// <exception cref="FileNotFoundException">The tests run outside a checkout.</exception>
    public static string File(params string[] path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string file = Path.Combine([folder.FullName, .. path]);
            if (System.IO.File.Exists(file)) return file;
        }
        throw new FileNotFoundException($"no folder above {AppContext.BaseDirectory} holds {Path.Combine(path)}");
    }
}
