using ScottPlot;
using SkiaSharp;

namespace Sim.Agents.Runs;

/// <summary>
/// The font of every picture: Inter, of which the Latin part is embedded (Fonts/OFL.txt). SkiaSharp has no font of
/// its own: on a machine without fonts, such as a container, text would silently vanish; elsewhere it would differ.
/// </summary>
internal sealed class EmbeddedFont : IFontResolver
{
    private const string Name = "Sim Inter";

    static EmbeddedFont() => ScottPlot.Fonts.FontResolvers.Insert(0, new EmbeddedFont());

    private EmbeddedFont()
    {
    }

    /// <summary>The family name to give to ScottPlot; reading it makes the font known.</summary>
    public static string Family => Name;

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing)
        => CreateTypeface(fontName, weight > FontWeight.Medium, slant != FontSlant.Upright);

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic)
    {
        if (fontName != Name)
            return null;
        using var resource = typeof(EmbeddedFont).Assembly.GetManifestResourceStream(bold ? "Inter-SemiBold.ttf" : "Inter-Regular.ttf");
        using var data = SKData.Create(resource);
        return SKTypeface.FromData(data);
    }
}
