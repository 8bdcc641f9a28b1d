using NUnit.Framework;
using Sim.Environments.Spaces;
using Sim.Protocols.Exchange.Spaces;

namespace Sim.Tests.Protocols.Exchange;

public sealed class PythonJsonTests
{
    [Test]
    public void Bare_numbers_are_read_and_words_in_strings_stay_words()
    {
        var json = PythonJson.Read("""{"a": [-Infinity, Infinity, NaN, 1e3], "b": "Infinity \" -Infinity", "NaN": {}}""", "a text");
        double?[] numbers = [.. json.GetProperty("a").EnumerateArray().Select(PythonJson.Number)];
        Assert.That(numbers, Is.EqualTo(new double?[] { double.NegativeInfinity, double.PositiveInfinity, double.NaN, 1000 }));
        Assert.That(json.GetProperty("b").GetString(), Is.EqualTo("Infinity \" -Infinity"));
        Assert.That(json.TryGetProperty("NaN", out _), Is.True);
    }

    [TestCase("{\"a\": \"Infinity")]
    [TestCase("{\"a\": Infinity")]
    [TestCase("[NaNNaN]")]
    [TestCase("\"\\")]
    [TestCase("")]
    public void What_is_no_json_is_refused(string text)
        => Assert.That(() => PythonJson.Read(text, "a text"), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("a text is no JSON"));

    // As Python shows float(numpy.float32(x)).
    [TestCase(4.8f, "4.800000190734863")]
    [TestCase(1f, "1.0")]
    [TestCase(-0f, "-0.0")]
    [TestCase(float.NegativeInfinity, "-Infinity")]
    public void Floats_are_written_as_the_doubles_that_python_shows(float number, string text)
        => Assert.That(PythonJson.Format(number), Is.EqualTo(text));

    [Test]
    public void Limits_are_nested_like_the_shape()
    {
        var box = new Box([0, 1, 2, 3, 4, 5], [9, 9, 9, 9, 9, 9], null, [2, 1, 3], ElementType.UInt8);
        Assert.That(SpaceText.Write(box), Is.EqualTo("""{"type": "Box", "dtype": "uint8", "shape": [2, 1, 3], "low": [[[0, 1, 2]], [[3, 4, 5]]], "high": [[[9, 9, 9]], [[9, 9, 9]]]}"""));
        EpisodeComparison.AreAlike(SpaceText.ReadObservation(SpaceText.Write(box)).ToSpace(), box);
    }
}
