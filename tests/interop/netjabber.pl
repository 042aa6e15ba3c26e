#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# Net::Jabber's XEP-0009, as its users call it. The account's password is in the variable PEER_PASSWORD.
#
#   netjabber.pl USER RESOURCE HOST PORT CA-FILE call TO METHOD [JSON...]   prints the answer's parts as JSON
#   netjabber.pl USER RESOURCE HOST PORT CA-FILE serve                      serves Rot13, echo, fail
use strict;
no warnings;    # the library has plenty of them

use JSON::PP;
use Net::Jabber;

$| = 1;
my ($user, $resource, $host, $port, $ca, $verb, @words) = @ARGV;
my $json = JSON::PP->new->utf8->canonical->allow_nonref;
my $client = Net::Jabber::Client->new();

sub fail
{
    print STDERR "netjabber.pl: @_\n";
    exit 1;
}

sub rot13
{
    my ($iq, $params) = @_;
    (my $text = $params->[0]) =~ tr/A-Za-z/N-ZA-Mn-za-m/;
    return ("ok", [$text]);
}

defined $client->Connect(hostname => $host, port => $port, componentname => "localhost", tls => 1,
                         ssl_verify => 0x01, ssl_ca_path => $ca, timeout => 10) or fail("cannot connect: $!");
my @login = $client->AuthSend(username => $user, password => $ENV{PEER_PASSWORD}, resource => $resource);
fail("cannot log in: @login") if !@login || $login[0] ne "ok";

if ($verb eq "call") {
    my ($to, $method, @parameters) = @words;
    my @answer = $client->RPCCall(to => $to, methodname => $method,
                                  params => [map { $json->decode($_) } @parameters], timeout => 10);
    print $json->encode(\@answer), "\n";
    $client->Disconnect();
    exit 0;
}
$client->RPCSetCallBacks(
    Rot13 => \&rot13,
    echo  => sub { return ("ok", [$_[1]]); },
    fail  => sub { return ("fault", { faultCode => 4711, faultString => "Net::Jabber says no" }); },
);
# The library's own dispatch by namespace does not work in its present version: we say what to do with an IQ.
$client->SetCallBacks(iq => sub { $client->callbackSetIQRPC(@_) if $_[1]->GetType() eq "set"; });
print STDERR "ready as $user\@localhost/$resource\n";
while (defined $client->Process(1)) { }
