using System.Reflection;
using System.Text.RegularExpressions;
using MessagePack;
using NUnit.Framework;
using Sim.Protocols.Messages;

namespace Sim.Tests.Protocols.Server;

/// <summary>The page that clients are written from says what the code says.</summary>
public sealed class DocumentedProtocolTests
{
    private static readonly string s_page = File.ReadAllText(Checkout.File("docs", "protocol.md"));

    [Test]
    public void Every_error_code_is_on_the_page_with_whether_it_ends_the_connection()
    {
        string[] codes = [.. typeof(ErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];
        var rows = Regex.Matches(s_page, @"^\| `(\w+)` \|.*\| (yes|no) \|$", RegexOptions.Multiline)
            .ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value == "yes");
        Assert.That(rows.Keys, Is.EquivalentTo(codes));
        foreach (string code in codes) Assert.That(ErrorCode.EndsConnection(code), Is.EqualTo(rows[code]), code);
    }

    [Test]
    public void Every_message_type_is_on_the_page_with_its_number()
    {
        int[] numbers = [.. Regex.Matches(s_page, @"^\| *(\d*) *\| [\w ]* \| (\d+) \| [\w ]+ \|$", RegexOptions.Multiline)
            .SelectMany(row => new[] { row.Groups[1].Value, row.Groups[2].Value }).Where(text => text.Length > 0).Select(int.Parse).Distinct()];
        Assert.That(numbers, Is.EquivalentTo(Enum.GetValues<MessageType>().Select(type => (int)type)));
    }

    [TestCase(typeof(HelloMessage), "hello")]
    [TestCase(typeof(WelcomeMessage), "welcome")]
    [TestCase(typeof(DescribeMessage), "describe")]
    [TestCase(typeof(SpecMessage), "spec")]
    [TestCase(typeof(SpaceMessage), "space")]
    [TestCase(typeof(MakeMessage), "make")]
    [TestCase(typeof(MadeMessage), "made")]
    [TestCase(typeof(FieldMessage), "layout")]
    [TestCase(typeof(ResetMessage), "reset")]
    [TestCase(typeof(StepMessage), "step")]
    [TestCase(typeof(RestoreMessage), "restore")]
    [TestCase(typeof(ResultMessage), "result")]
    [TestCase(typeof(HumanEventMessage), "event")]
    [TestCase(typeof(EpisodeLabelMessage), "label")]
    [TestCase(typeof(SharedMemoryMessage), "shared")]
    [TestCase(typeof(ErrorMessage), "error")]
    public void Every_field_of_a_message_has_its_row(Type message, string table)
    {
        int[] keys = [.. message.GetProperties().Select(property => property.GetCustomAttribute<KeyAttribute>()?.IntKey).OfType<int>()];
        string rows = Regex.Match(s_page, $@"^\| {table} \|.*\n((\|.*\n)+)", RegexOptions.Multiline).Groups[1].Value;
        int[] numbers = [.. Regex.Matches(rows, @"^\| (\d+)(?:, (\d+))? \|", RegexOptions.Multiline)
            .SelectMany(row => row.Groups.Values.Skip(1)).Where(group => group.Success).Select(group => int.Parse(group.Value))];
        Assert.That(numbers, Is.EqualTo(keys));
    }
}
